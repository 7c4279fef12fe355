using System.Net;
using ChunkProxy.FunctionalTests.Commands;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Routes that are read again while the process runs: all of them, or none.</summary>
public sealed class RouteReloadTests : IAsyncDisposable
{
    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Hangup_RoutesChanged_NewOnesCountAndCachedObjectsStay()
    {
        SeveralSites.Add(_origin, "/vault/a.mp4", seed: 1);
        await using var node = await StartAsync("""{ "old": { "Hosts": "old.test", "Path": "/", "OriginPath": "/vault/" } }""");
        await SeveralSites.VerifyAsync(node, "old.test", "a.mp4", seed: 1, Now);
        var asked = _origin.Requests.Count;

        await ReloadAsync(node, """{ "new": { "Hosts": "new.test", "Path": "/films/", "OriginPath": "/vault/", "Cors": "*" } }""", "Reloaded the routes");
        await SeveralSites.VerifyAsync(node, "new.test", "films/a.mp4", seed: 1, Now);
        using var gone = await SeveralSites.SendAsync(node, "old.test", "a.mp4", Now);
        using var page = await SeveralSites.SendAsync(node, "new.test", "films/a.mp4", Now, fields: ("Origin", "https://site.test"));

        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("*", page.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(asked, _origin.Requests.Count);
    }

    [Fact]
    public async Task Hangup_FileIsWrongOrGone_ChangesNothingAndSaysWhy()
    {
        (string? Routes, string Reason)[] faults =
        [
            ("""{ "old": { "Hosts": "other.test" }, "new": { "Hots": "new.test" } }""", "ChunkProxy:Routes:new:Hots: is not a setting here. Did you mean Hosts?"),
            ("""{ "old": { "Hosts": "other.test" """, "Cannot reload the settings file"),
            (null, "Cannot reload the settings file appsettings.json (the file is gone)"),
        ];
        SeveralSites.Add(_origin, "/a.mp4", seed: 1);
        await using var node = await StartAsync("""{ "old": { "Hosts": "old.test" } }""");

        foreach (var (routes, reason) in faults)
        {
            await ReloadAsync(node, routes, reason);

            await SeveralSites.VerifyAsync(node, "old.test", "a.mp4", seed: 1, Now);
            using var other = await SeveralSites.SendAsync(node, "other.test", "a.mp4", Now);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
    }

    [Fact]
    public async Task Hangup_NoRoutesAndTheKeyFileIsGone_TheProcessStaysWithItsKeys()
    {
        SeveralSites.Add(_origin, "/a.mp4", seed: 1);
        var keys = _folder.Combine("urlkeys");
        await File.WriteAllTextAsync(keys, SeveralSites.UrlKey, Now);
        await using var node = await Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-d", "0", "-urlkeyfile", keys], Now, folder: _folder.Path);
        var signed = (await CommandCluster.RunAsync(0, "sign", "-urlkeyfile", keys, "-for", "1h", "/a.mp4")).Single()[1..];

        File.Delete(keys);
        PosixSignal.Send(node.ProcessId, PosixSignal.Hangup);
        await node.WhenLineAsync(line => line.Contains("Cannot reload the settings (ChunkProxy:Access:UrlKeyFile: cannot be read", StringComparison.Ordinal), "the refusal", Now);

        await SeveralSites.VerifyAsync(node, "any.test", signed, seed: 1, Now);
    }

    private async Task<Node> StartAsync(string routes)
    {
        await WriteAsync(routes);
        return await Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-d", "0"], Now, folder: _folder.Path);
    }

    // Without routes, the file is deleted.
    private async Task ReloadAsync(Node node, string? routes, string line)
    {
        if (routes is null)
        {
            File.Delete(_folder.Combine("appsettings.json"));
        }
        else
        {
            await WriteAsync(routes);
        }

        PosixSignal.Send(node.ProcessId, PosixSignal.Hangup);
        await node.WhenLineAsync(written => written.Contains(line, StringComparison.Ordinal), line, Now);
    }

    private Task WriteAsync(string routes) => File.WriteAllTextAsync(
        _folder.Combine("appsettings.json"),
        """{ "Logging": { "LogLevel": { "ChunkProxy.Cache.Settings.SettingsReload": "Information" } }, "ChunkProxy": { "Routes": """ + routes + " } }",
        Now);
}
