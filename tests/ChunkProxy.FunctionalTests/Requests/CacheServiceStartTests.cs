using System.Net;
using System.Net.Sockets;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>Starts of the cache service that must fail: its exit code, and one line.</summary>
public sealed class CacheServiceStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Url", "", "ChunkProxy.Cache: ChunkProxy:Url: is missing: ")]
    [InlineData("ChunkSize", "5Q", "ChunkProxy.Cache: ChunkProxy:ChunkSize: '5Q' is not a size ")]
    public async Task Start_WrongSetting_EndsWithTwoAndOneLine(string key, string value, string line) =>
        Assert.StartsWith(line, await FailAsync(2, (key, value)), StringComparison.Ordinal);

    [Fact]
    public async Task Start_UnreadableFile_EndsWithTwoAndOneLine()
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), """{ "ChunkProxy": """, Now);

        Assert.Contains("appsettings.json", await FailAsync(2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DirectoryIsAFile_EndsWithOneAndOneLine()
    {
        await File.WriteAllTextAsync(_folder.Combine("file"), "", Now);

        Assert.StartsWith("ChunkProxy.Cache: ChunkProxy:Dir: cannot be used: ", await FailAsync(1, ("Dir", _folder.Combine("file"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_PortInUse_EndsWithOneAndOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString()!;

        Assert.StartsWith($"ChunkProxy.Cache: ChunkProxy:PoolAddr: cannot listen on {address}: ", await FailAsync(1, ("PoolAddr", address), ("PoolPeers", address)), StringComparison.Ordinal);
        Assert.Contains(address, await FailAsync(1, url: $"http://{address}"), StringComparison.Ordinal);
    }

    private Task<string> FailAsync(int exitCode, params IEnumerable<(string Key, string Value)> settings) => FailAsync(exitCode, "http://127.0.0.1:0", settings);

    private async Task<string> FailAsync(int exitCode, string url, params IEnumerable<(string Key, string Value)> settings)
    {
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = url,
            [Setting.InEnvironment("Url")] = "http://origin.example/",
            [Setting.InEnvironment("Dir")] = _folder.Combine("cache"),
        };
        foreach (var (key, value) in settings)
        {
            environment[Setting.InEnvironment(key)] = value;
        }

        await using var process = ChildProcess.Start(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [ProductBuild.Assembly("ChunkProxy.Cache", "ChunkProxy.Cache.dll")], environment, _folder.Path);
        var code = await process.WhenExitedAsync(Now);

        Assert.True(exitCode == code, $"{code}: {string.Join('\n', process.Lines)}");
        Assert.DoesNotContain(process.Lines, line => line.TrimStart().StartsWith("at ", StringComparison.Ordinal)); // no stack trace
        return Assert.Single(process.Lines, line => line.StartsWith("ChunkProxy.Cache: ", StringComparison.Ordinal));
    }
}
