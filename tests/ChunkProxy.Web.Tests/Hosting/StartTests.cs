using System.Net;
using System.Net.Sockets;
using ChunkProxy.Web.Hosting;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>Starts that must fail, run in this process: exit code and exactly one line.</summary>
public sealed class StartTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("chunkproxy-start-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData("Url", null, "-url: is missing: ")]
    [InlineData("Url", "ftp://origin.example/", "-url: 'ftp://origin.example/' is not ")]
    [InlineData("ChunkSize", "5Q", "-size-c: '5Q' is not a size ")]
    [InlineData("MemorySize", "1", "-size-m: 1MiB is too small: ")]
    [InlineData("WebAddr", "8080", "-webaddr: '8080' is not an address ")]
    [InlineData("WebAddr", "origin.example:80", "-webaddr: 'origin.example:80' is not an address ")]
    [InlineData("WebAddr", "localhost:0", "-webaddr: takes a free port ")]
    [InlineData("DrainTimeout", "8d", "ChunkProxy:DrainTimeout: 8.00:00:00 is out of range: takes 0 to 1 h")]
    [InlineData("FrontEnd:MaxTargetLength", "255", "ChunkProxy:FrontEnd:MaxTargetLength: 255 is out of range: takes 256 to 65,536")]
    [InlineData("FrontEnd:MaxRanges", "0", "ChunkProxy:FrontEnd:MaxRanges: 0 is out of range: takes 1 to 1,000")]
    [InlineData("FrontEnd:LookAheadLimit", "2GiB", "ChunkProxy:FrontEnd:LookAheadLimit: 2GiB is out of range: takes 0 to 1GiB")]
    [InlineData("FrontEnd:WriteTimeout", "00:00:00", "ChunkProxy:FrontEnd:WriteTimeout: 00:00:00 is out of range: takes 1 s to 1 d")]
    [InlineData("FrontEnd:VersionRestarts", "x", "ChunkProxy:FrontEnd:VersionRestarts: ")]
    [InlineData("FrontEnd:RetryAfter", "1d", "ChunkProxy:FrontEnd:RetryAfter: 1.00:00:00 is out of range: takes 1 s to 1 h")]
    [InlineData("AdminAddress", "9090", "-adminaddr: '9090' is not an address ")]
    [InlineData("AdminAddress", "origin.example:80", "-adminaddr: 'origin.example:80' is not an address ")]
    [InlineData("AdminAddress", "localhost:0", "-adminaddr: takes a free port ")]
    [InlineData("AdminKey", "fifteen-letters", "-adminkey: the key has 15 characters: takes 16 to 512")]
    [InlineData("AdminKey", "sixteen letters.", "-adminkey: the key takes visible ASCII ")]
    [InlineData("AdminKeyFile", "/nosuch", "-adminkeyfile: cannot be read: ")]
    [InlineData("AdminKeyFile", "/dev/null", "-adminkeyfile: the key has 0 characters: ")]
    [InlineData("AdminKeyGuards", "Everything", "ChunkProxy:AdminKeyGuards: Everything needs an admin key")]
    [InlineData("AdminKeyGuards", "Nothing", "ChunkProxy:AdminKeyGuards: ")]
    public async Task Serve_WrongSetting_SaysSoInOneLine(string key, string? value, string expected)
    {
        var (exitCode, line) = await FailToServeAsync((key, value));

        Assert.Equal(2, exitCode);
        Assert.StartsWith("chunkproxy: " + expected, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_SeveralWrongSettings_NamesAllInOneLine()
    {
        var (exitCode, line) = await FailToServeAsync(("Url", "x"), ("ChunkSize", "65MiB"), ("WebAddr", "x"));

        Assert.Equal(2, exitCode);
        Assert.Contains("-url: ", line, StringComparison.Ordinal);
        Assert.Contains("-size-c: ", line, StringComparison.Ordinal);
        Assert.Contains("-webaddr: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSoInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (exitCode, line) = await FailToServeAsync(("WebAddr", taken.LocalEndpoint.ToString()));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"chunkproxy: -webaddr: cannot listen on {taken.LocalEndpoint}: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_AdminPortInUse_SaysSoInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();

        var (exitCode, line) = await FailToServeAsync(("AdminAddress", taken.LocalEndpoint.ToString()));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"chunkproxy: -adminaddr: cannot listen on {taken.LocalEndpoint}: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PoolPortInUse_SaysSoInOneLine()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = taken.LocalEndpoint.ToString();

        var (exitCode, line) = await FailToServeAsync(("PoolAddr", address), ("PoolPeers", address));

        Assert.Equal(1, exitCode);
        Assert.StartsWith($"chunkproxy: -pooladdr: cannot listen on {address}: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_DirectoryIsAFile_SaysSoInOneLine()
    {
        var file = Path.Combine(_directory.FullName, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        var (exitCode, line) = await FailToServeAsync(("Dir", file));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("chunkproxy: -dir: cannot be used: ", line, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Line)> FailToServeAsync(params (string Key, string? Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["ChunkProxy:Url"] = "http://origin.example/",
            ["ChunkProxy:Dir"] = _directory.FullName,
            ["ChunkProxy:WebAddr"] = "127.0.0.1:0",
        };
        foreach (var (key, value) in settings)
        {
            all["ChunkProxy:" + key] = value;
        }

        using var output = new StringWriter();
        using var errors = new StringWriter();
        var exitCode = await ChunkProxyProcess.ServeAsync(all, output, errors);

        Assert.Equal("", output.ToString());
        return (exitCode, Assert.Single(errors.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)));
    }
}
