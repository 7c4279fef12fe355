using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>SIGHUP and SIGTERM.</summary>
public sealed class SignalTests : IDisposable
{
    private const string OldKey = "the old key of operators";
    private const string NewKey = "the new key of operators";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hangup_KeyAndLogLevelChanged_AreReadAgainAndTheProcessStays()
    {
        var (key, settings) = (_folder.Combine("key"), _folder.Combine("appsettings.json"));
        await File.WriteAllTextAsync(key, OldKey.Replace(' ', '-'), Now);
        await File.WriteAllTextAsync(settings, Levels("Error"), Now);
        await using var node = await Node.StartAsync(["-url", "http://origin.example/", "-size-d", "0", "-adminkeyfile", key], Now, folder: _folder.Path);
        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(node, OldKey));

        await File.WriteAllTextAsync(key, NewKey.Replace(' ', '-'), Now);
        await File.WriteAllTextAsync(settings, Levels("Information"), Now);
        PosixSignal.Send(node.ProcessId, PosixSignal.Hangup);
        await node.WhenLineAsync(line => line.Contains("Reloaded the admin key", StringComparison.Ordinal), "the new key", Now); // at level Information

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (await AskAsync(node, NewKey), await AskAsync(node, OldKey)));
    }

    [Fact]
    public async Task Hangup_KeyIsInvalid_TheFormerOneStays()
    {
        var key = _folder.Combine("key");
        await File.WriteAllTextAsync(key, OldKey.Replace(' ', '-'), Now);
        await using var node = await Node.StartAsync(["-url", "http://origin.example/", "-size-d", "0", "-adminkeyfile", key], Now, folder: _folder.Path);

        await File.WriteAllTextAsync(key, "short", Now);
        PosixSignal.Send(node.ProcessId, PosixSignal.Hangup);
        await node.WhenLineAsync(line => line.Contains("Cannot reload the admin key", StringComparison.Ordinal), "the refusal", Now);

        Assert.Equal(HttpStatusCode.BadRequest, await AskAsync(node, OldKey));
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

    private static string Levels(string level) =>
        """{"Logging":{"LogLevel":{"ChunkProxy":"LEVEL"}}}""".Replace("LEVEL", level, StringComparison.Ordinal);

    // An action without its path: 400 with the key.
    private static async Task<HttpStatusCode> AskAsync(Node node, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "_chunkproxy/warm");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key.Replace(' ', '-'));
        using var response = await node.Client.SendAsync(request, Now);
        return response.StatusCode;
    }
}
