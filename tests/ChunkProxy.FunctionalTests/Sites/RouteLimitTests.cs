using System.Net;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Limits of each client in one route of a running node.</summary>
public sealed class RouteLimitTests : IAsyncDisposable
{
    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly TemporaryFolder _folder = new();
    private readonly Gate _gate = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _origin.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Get_ClientHasAllOfOneRoute_IsRefusedThereAlsoAfterAReloadAndServedInOthers()
    {
        const int Size = SeveralSites.Size;
        SeveralSites.Add(_origin, "/a.mp4", seed: 1);
        _origin.Add("/slow.mp4", new OriginAnswer { Size = Size, Seed = 2, StallAfter = 1000, Stall = _gate });
        await WriteAsync("");
        await using var node = await Node.StartAsync(
            ["-url", _origin.BaseAddress.ToString(), "-size-d", "0", "-accesslog", "stdout", "-accesslog-format", "{method} {target} {status} {refusal}"],
            Now,
            folder: _folder.Path);
        using var slow = await node.GetAsync("vip/slow.mp4", Now);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await StatusAsync(HttpMethod.Get)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await StatusAsync(HttpMethod.Head)).Status);
        await SeveralSites.VerifyAsync(node, "any.test", "a.mp4", seed: 1, Now);

        await WriteAsync(""", "more": { "Hosts": "more.test" } """);
        PosixSignal.Send(node.ProcessId, PosixSignal.Hangup);
        await node.WhenLineAsync(static line => line.Contains("Reloaded the routes", StringComparison.Ordinal), "the reload", Now);
        var (status, retryAfter) = await StatusAsync(HttpMethod.Get);
        Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (status, retryAfter));
        await SeveralSites.VerifyAsync(node, "more.test", "a.mp4", seed: 1, Now);

        _gate.Open();
        await TestData.VerifyAsync(2, 0, Size, await slow.Content.ReadAsStreamAsync(Now), Now);
        await node.WhenLineAsync(static line => line == "GET /vip/slow.mp4 200 -", "the end of the response", Now);
        await SeveralSites.VerifyAsync(node, "any.test", "vip/a.mp4", seed: 1, Now);
        await node.WhenLineAsync(static line => line == "HEAD /vip/a.mp4 429 ChunkProxy:Routes:vip:Clients:MaxRequests", "the refusal", Now);

        async Task<(HttpStatusCode Status, string? RetryAfter)> StatusAsync(HttpMethod method)
        {
            using var response = await SeveralSites.SendAsync(node, "any.test", "vip/a.mp4", Now, method);
            return (response.StatusCode, response.Headers.RetryAfter?.ToString());
        }
    }

    private Task WriteAsync(string more) => File.WriteAllTextAsync(
        _folder.Combine("appsettings.json"),
        """
        { "Logging": { "LogLevel": { "ChunkProxy.Cache.Settings.SettingsReload": "Information" } },
          "ChunkProxy": { "Routes": { "vip": { "Path": "/vip/", "OriginPath": "/", "Clients": { "MaxRequests": 1 } }, "others": { "Path": "/" }
        """ + more + " } } }",
        Now);
}
