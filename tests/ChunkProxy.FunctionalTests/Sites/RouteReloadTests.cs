using System.Net;
using ChunkProxy.FunctionalTests.Commands;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Routes that are read again while the process runs: all of them, or none.</summary>
public sealed class RouteReloadTests(RouteReloadTests.Server server) : IClassFixture<RouteReloadTests.Server>
{
    private const string Reloaded = "Reloaded the routes";

    private readonly string _file = $"{SharedNodes.FreshNumber()}.mp4";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private ScriptedOrigin Origin => server.Origin;

    [Fact]
    public async Task Hangup_RoutesChanged_NewOnesCountAndCachedObjectsStay()
    {
        var (node, path) = (server.Node, "/vault/" + _file);
        SeveralSites.Add(Origin, path, seed: 1);
        await server.ReloadAsync("""{ "old": { "Hosts": "old.test", "Path": "/", "OriginPath": "/vault/" } }""", Reloaded);
        await SeveralSites.VerifyAsync(node, "old.test", _file, seed: 1, Now);
        var asked = Origin.Requests.Count(request => request.Path == path);

        await server.ReloadAsync("""{ "new": { "Hosts": "new.test", "Path": "/films/", "OriginPath": "/vault/", "Cors": "*" } }""", Reloaded);
        await SeveralSites.VerifyAsync(node, "new.test", "films/" + _file, seed: 1, Now);
        using var gone = await SeveralSites.SendAsync(node, "old.test", _file, Now);
        using var page = await SeveralSites.SendAsync(node, "new.test", "films/" + _file, Now, fields: ("Origin", "https://site.test"));

        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("*", page.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal(asked, Origin.Requests.Count(request => request.Path == path));
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
        var node = server.Node;
        SeveralSites.Add(Origin, "/" + _file, seed: 1);
        await server.ReloadAsync("""{ "old": { "Hosts": "old.test" } }""", Reloaded);

        foreach (var (routes, reason) in faults)
        {
            await server.ReloadAsync(routes, reason);

            await SeveralSites.VerifyAsync(node, "old.test", _file, seed: 1, Now);
            using var other = await SeveralSites.SendAsync(node, "other.test", _file, Now);
            Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        }
    }

    [Fact]
    public async Task Hangup_NoRoutesAndTheKeyFileIsGone_TheProcessStaysWithItsKeys()
    {
        SeveralSites.Add(Origin, "/" + _file, seed: 1);
        using var folder = new TemporaryFolder();
        var keys = folder.Combine("urlkeys");
        await File.WriteAllTextAsync(keys, SeveralSites.UrlKey, Now);
        await using var node = await Node.StartAsync(["-url", Origin.BaseAddress.ToString(), "-size-d", "0", "-urlkeyfile", keys], Now, folder: folder.Path);
        var signed = (await CommandCluster.RunAsync(0, "sign", "-urlkeyfile", keys, "-for", "1h", "/" + _file)).Single()[1..];

        File.Delete(keys);
        PosixSignal.Send(node.ProcessId, PosixSignal.Hangup);
        await node.WhenLineAsync(line => line.Contains("Cannot reload the settings (ChunkProxy:Access:UrlKeyFile: cannot be read", StringComparison.Ordinal), "the refusal", Now);

        await SeveralSites.VerifyAsync(node, "any.test", signed, seed: 1, Now);
    }

    /// <summary>A node in a folder with a settings file. Each test begins with routes of its own.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

        public Node Node { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await WriteAsync("{ }");
            Node = await Node.StartAsync(["-url", Origin.BaseAddress.ToString(), "-size-d", "0"], Now, folder: _folder.Path);
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            await Origin.DisposeAsync();
            _folder.Dispose();
        }

        /// <summary>Writes these routes, or without routes deletes the file, and returns when the node has read it and written a line with this text.</summary>
        internal async Task ReloadAsync(string? routes, string line)
        {
            if (routes is null)
            {
                File.Delete(_folder.Combine("appsettings.json"));
            }
            else
            {
                await WriteAsync(routes);
            }

            var written = CountOf(line);
            PosixSignal.Send(Node.ProcessId, PosixSignal.Hangup);
            await Node.WhenLineAsync(_ => CountOf(line) > written, line, Now);
        }

        private int CountOf(string text) => Node.Output.Split(text).Length;

        private Task WriteAsync(string routes) => File.WriteAllTextAsync(
            _folder.Combine("appsettings.json"),
            """{ "Logging": { "LogLevel": { "ChunkProxy.Cache.Settings.SettingsReload": "Information" } }, "ChunkProxy": { "Routes": """ + routes + " } }",
            Now);
    }
}
