using System.Net;
using System.Text.Json;
using ChunkProxy.FunctionalTests.Operations;
using ChunkProxy.FunctionalTests.Sites;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Commands;

/// <summary><c>chunkproxy reload</c>: a running node reads its settings again, all or none, and the command says what came of it.</summary>
public sealed class ReloadCommandTests(ReloadCommandTests.Server server) : IClassFixture<ReloadCommandTests.Server>, IAsyncLifetime
{
    private const string Key = "the-key-of-the-operators";
    private const string Old = """{ "old": { "Hosts": "old.test" } }""";
    private const string New = """{ "new": { "Hosts": "new.test" } }""";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private Node Node => server.Node;

    // Whatever another test has left: the old routes.
    public async ValueTask InitializeAsync()
    {
        await server.WriteAsync(Old, "");
        await ReloadByRequestAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Reload_ChangedRoutesAndOrigin_RoutesCountAndTheOriginIsNamed()
    {
        await server.WriteAsync(New, """, "Origin": { "Attempts": 7 }, "Access": { "Deny": "192.0.2.1" } """);

        var lines = await ReloadAsync(0);

        string[] parts = ["settings file appsettings.json", "settings", "routes", "admin key", "pool key"];
        Assert.All(parts, part => Assert.Contains($"reloaded: {part}", lines));
        Assert.Contains("chunkproxy: changed, but the node needs a restart: ChunkProxy:Origin:Attempts", lines);
        await SeveralSites.VerifyAsync(Node, "new.test", "a.mp4", seed: 1, Now);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("old.test"));
    }

    [Theory]
    [InlineData(New, """, "Orgin": { "Attempts": 7 }""", "chunkproxy: not reloaded: settings: ChunkProxy:Orgin:Attempts: is not a setting. Did you mean ChunkProxy:Origin:Attempts?")]
    [InlineData(New, """, "Origin": { "Attempts": 0 }""", "chunkproxy: not reloaded: settings: ChunkProxy:Origin:Attempts: 0 is out of range")]
    [InlineData("""{ "new": { "Hots": "new.test" } }""", "", "chunkproxy: not reloaded: routes: ChunkProxy:Routes:new:Hots: is not a setting here. Did you mean Hosts?")]
    [InlineData(New, ",,", "chunkproxy: not reloaded: settings file appsettings.json: ")]
    public async Task Reload_WrongFile_NothingOfItCounts(string routes, string more, string message)
    {
        await server.WriteAsync(routes, more, level: "Debug");

        var lines = await ReloadAsync(1);

        Assert.Contains(lines, line => line.StartsWith(message, StringComparison.Ordinal));
        Assert.Equal("chunkproxy: some new values are invalid; their former values stay in use", lines[^1]);
        Assert.Contains("reloaded: admin key", lines);
        await SeveralSites.VerifyAsync(Node, "old.test", "a.mp4", seed: 1, Now);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("new.test"));

        await server.WriteAsync(New, ""); // and the next right one does
        await ReloadByRequestAsync();
        await SeveralSites.VerifyAsync(Node, "new.test", "a.mp4", seed: 1, Now);
    }

    [Fact]
    public async Task Reload_WrongKey_IsRefused()
    {
        await server.WriteAsync(New, "");

        var lines = await CommandCluster.RunAsync(1, "reload", "-node", Node.Address.ToString(), "-adminkey", "another-key-of-operators");

        Assert.Contains("rejects the admin key", Assert.Single(lines), StringComparison.Ordinal);
        await SeveralSites.VerifyAsync(Node, "old.test", "a.mp4", seed: 1, Now);
    }

    [Fact]
    public async Task Reload_AsJson_HasTheReasons()
    {
        await server.WriteAsync("""{ "new": { "Path": "films" } }""", "");

        var lines = await CommandCluster.RunAsync(1, "reload", "-json", "-node", Node.Address.ToString(), "-adminkey", Key);

        Assert.Contains(lines, static line => line.Trim() == "\"complete\": false,");
        Assert.Contains(lines, static line => line.Contains("\"reason\": \"ChunkProxy:Routes:new:Path: 'films' is not", StringComparison.Ordinal));
    }

    private async Task ReloadByRequestAsync()
    {
        using var response = await new AdminClient(Node, Key).SendAsync(HttpMethod.Post, "reload", Now);
        using var reload = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Now));
        Assert.True(reload.RootElement.GetProperty("complete").GetBoolean(), reload.RootElement.GetRawText());
    }

    private Task<IReadOnlyList<string>> ReloadAsync(int exitCode) =>
        CommandCluster.RunAsync(exitCode, "reload", "-node", Node.Address.ToString(), "-adminkey", Key);

    private async Task<HttpStatusCode> StatusAsync(string host)
    {
        using var response = await SeveralSites.SendAsync(Node, host, "a.mp4", Now);
        return response.StatusCode;
    }

    /// <summary>A node in a folder with a settings file.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
        private readonly TemporaryFolder _folder = new();

        public Node Node { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            SeveralSites.Add(_origin, "/a.mp4", seed: 1);
            await WriteAsync(Old, "");
            Node = await Node.StartAsync(["-url", _origin.BaseAddress.ToString(), "-size-d", "0", "-adminkey", Key], Now, folder: _folder.Path);
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            await _origin.DisposeAsync();
            _folder.Dispose();
        }

        internal Task WriteAsync(string routes, string more, string level = "Information") => File.WriteAllTextAsync(
            _folder.Combine("appsettings.json"),
            "{ \"Logging\": { \"LogLevel\": { \"ChunkProxy\": \"" + level + "\" } }, \"ChunkProxy\": { \"Routes\": " + routes + more + " } }",
            Now);
    }
}
