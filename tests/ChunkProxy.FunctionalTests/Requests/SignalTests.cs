using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>SIGHUP, SIGUSR1 and SIGTERM.</summary>
public sealed class SignalTests(SignalTests.Server server) : IClassFixture<SignalTests.Server>
{
    private const int SigUsr1 = 10;

    // Of this test.
    private readonly string _oldKey = $"the-old-key-of-operators-{SharedNodes.FreshNumber()}";
    private readonly string _newKey = $"the-new-key-of-operators-{SharedNodes.FreshNumber()}";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hangup_KeyAndLogLevelChanged_AreReadAgainAndTheProcessStays()
    {
        await server.BeginAsync(_oldKey, "Error");

        var before = server.CountOf("Reloaded the admin key");
        await server.WriteAsync(_newKey, "Information");
        PosixSignal.Send(server.Node.ProcessId, PosixSignal.Hangup);
        await server.Node.WhenLineAsync(_ => server.CountOf("Reloaded the admin key") > before, "the new key", Now); // at level Information

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (await server.AskAsync(_newKey), await server.AskAsync(_oldKey)));
    }

    [Fact]
    public async Task Hangup_KeyIsInvalid_TheFormerOneStays()
    {
        await server.BeginAsync(_oldKey, "Information");

        var before = server.CountOf("Cannot reload the admin key");
        await server.WriteAsync("short", "Information");
        PosixSignal.Send(server.Node.ProcessId, PosixSignal.Hangup);
        await server.Node.WhenLineAsync(_ => server.CountOf("Cannot reload the admin key") > before, "the refusal", Now);

        Assert.Equal(HttpStatusCode.BadRequest, await server.AskAsync(_oldKey));
    }

    [Fact]
    public async Task User1_NoAccessLog_DoesNotEndTheProcess()
    {
        var film = server.Origin.Add(SharedNodes.FreshPath(), 1000);

        PosixSignal.Send(server.Node.ProcessId, SigUsr1);

        for (var i = 0; i < 20; i++)
        {
            using var answer = await server.Node.GetAsync(film.Path, Now);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Terminate_InTheLameDuckTime_HealthFailsAndClientsAreServed()
    {
        await using var one = await OneNode.StartAsync("-lameduck 00:30:00", Now);
        var film = one.Origin.Add("/film.mp4", OneNode.MiB);

        PosixSignal.Send(one.Node.ProcessId, PosixSignal.Terminate);
        await one.Node.WhenLineAsync(line => line.Contains("Stopping: health fails", StringComparison.Ordinal), "the lame-duck time", Now);

        using (var health = await one.Node.GetAsync("_chunkproxy/health", Now))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        }

        using (var alive = await one.Node.GetAsync("_chunkproxy/alive", Now))
        {
            Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        }

        await one.VerifyAsync(film, Now);
        await one.Node.KillAsync();
    }

    [Fact]
    public async Task Terminate_AfterTheLameDuckTime_EndsWithZero()
    {
        await using var one = await OneNode.StartAsync("-lameduck 00:00:00.1", Now);

        Assert.Equal(0, await one.Node.StopAsync(Now));
    }

    /// <summary>A node with its admin key in a file, and with a settings file.</summary>
    public sealed class Server : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        public ScriptedOrigin Origin { get; } = ScriptedOrigin.Start();

        public Node Node { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            await WriteAsync("the-first-key-of-operators", "Error");
            Node = await Node.StartAsync(["-url", Origin.BaseAddress.ToString(), "-size-d", "0", "-adminkeyfile", _folder.Combine("key")], Now, folder: _folder.Path);
        }

        public async ValueTask DisposeAsync()
        {
            await Node.DisposeAsync();
            await Origin.DisposeAsync();
            _folder.Dispose();
        }

        /// <summary>Has the node read a key and a log level. At some levels no line tells that it has.</summary>
        internal async Task BeginAsync(string key, string level)
        {
            await WriteAsync(key, level);
            PosixSignal.Send(Node.ProcessId, PosixSignal.Hangup);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Now);
            limit.CancelAfter(Patience.Limit);
            while (await AskAsync(key) != HttpStatusCode.BadRequest)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
            }
        }

        internal async Task WriteAsync(string key, string level)
        {
            await File.WriteAllTextAsync(_folder.Combine("key"), key, Now);
            await File.WriteAllTextAsync(
                _folder.Combine("appsettings.json"), """{"Logging":{"LogLevel":{"ChunkProxy":"LEVEL"}}}""".Replace("LEVEL", level, StringComparison.Ordinal), Now);
        }

        internal int CountOf(string text) => Node.Output.Split(text).Length;

        /// <summary>Sends an action without its path: 400 with the key.</summary>
        internal async Task<HttpStatusCode> AskAsync(string key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "_chunkproxy/warm");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using var response = await Node.Client.SendAsync(request, Now);
            return response.StatusCode;
        }
    }
}
