using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Tls;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary><c>chunkproxy check</c>: what a start would refuse, without a start.</summary>
public sealed class CheckCommandTests : IDisposable
{
    private const string Settings = """{ "ChunkProxy": { "Origins": { "media": { "Url": "http://origin.example/" } }, "Routes": { "all": { "Origin": "NAME" } } } }""";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("-size-c: ", "-url", "http://origin.example/", "-size-c", "many")]
    [InlineData("-url: ", "-webaddr", "127.0.0.1:0")]
    [InlineData("-cert: ", "-url", "http://origin.example/", "-cert", "broken.pem")]
    public async Task Check_WrongSetting_IsNamedInOneLine(string says, params string[] flags)
    {
        await File.WriteAllTextAsync(_folder.Combine("broken.pem"), "no certificate", Now);

        Assert.StartsWith("chunkproxy: " + says, Assert.Single(await CheckAsync(2, flags)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "media", "the settings are valid")]
    [InlineData(2, "other", "ChunkProxy:Routes:all:Origin: ")]
    public async Task Check_SettingsFile_CountsAsAtAStart(int exitCode, string origin, string says)
    {
        await File.WriteAllTextAsync(_folder.Combine("appsettings.json"), Settings.Replace("NAME", origin, StringComparison.Ordinal), Now);

        Assert.StartsWith("chunkproxy: " + says, Assert.Single(await CheckAsync(exitCode)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_BesideTheNodeThatHasTheSameSettings_IsValidAndCreatesNothing()
    {
        TestCertificate.For("localhost").WriteOneFile(_folder.Combine("node.pem"));
        await using var one = await OneNode.StartAsync($"-cert {_folder.Combine("node.pem")}", Now);
        string[] flags = ["-url", one.Origin.BaseAddress.AbsoluteUri, "-webaddr", one.Node.Address.Authority, "-cert", _folder.Combine("node.pem")];

        Assert.Equal("chunkproxy: the settings are valid", Assert.Single(await CheckAsync(0, [.. flags, "-dir", one.CacheFolder])));
        Assert.Equal("chunkproxy: the settings are valid", Assert.Single(await CheckAsync(0, [.. flags, "-dir", "none"])));

        Assert.Equal(["node.pem"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName));
        Assert.Equal(0, one.Origin.Connections);
    }

    private async Task<IReadOnlyList<string>> CheckAsync(int exitCode, params string[] flags)
    {
        await using var command = Node.Launch(["check", .. flags], folder: _folder.Path);
        Assert.Equal(exitCode, await command.WhenExitedAsync(Now));
        return [.. command.Lines];
    }
}
