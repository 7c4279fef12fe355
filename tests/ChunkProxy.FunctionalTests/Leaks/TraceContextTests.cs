using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Leaks;

/// <summary>The trace context that a client sends is a stranger's: it decides nothing here, and goes no further.</summary>
[Collection(SharedClusterCollection.Name)]
public sealed class TraceContextTests(SharedCluster shared)
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Stranger = "str4nger";

    private static readonly string[] Fields = ["traceparent", "tracestate", "baggage", "correlation-context", "request-id"];

    private static OriginAnswer Private => new OriginAnswer { Size = 1000 }.WithHeader("Cache-Control", "no-store");

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_WithTraceContext_SendsNoneOfItOn()
    {
        var film = shared.Origin.Add(SharedNodes.FreshPath(), 3_000_000); // of so many chunks each member owns some
        var secret = shared.Origin.Add(SharedNodes.FreshPath(), Private);
        var missing = SharedNodes.FreshPath();

        foreach (var path in new[] { film.Path, secret.Path, missing })
        {
            await ReadAsync(shared.Members[0].Node, path);
        }

        var requests = shared.Origin.Requests.Where(request => request.Path == film.Path || request.Path == secret.Path || request.Path == missing).ToList();
        Assert.NotEmpty(requests);
        Assert.All(requests, AssertFree);
    }

    [Fact]
    public async Task Request_WithTraceContextToATracedCluster_SendsNoneOfItOnAndTracesNoneOfIt()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var sink = new TelemetrySink();
        string[] pools = [$"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}"];
        var environment = EtcdCluster.NobodyHangs.ToDictionary(it => Setting.InEnvironment(it.Key), it => (string?)it.Value);
        foreach (var (name, value) in sink.Environment)
        {
            environment[name] = value;
        }

        environment["OTEL_TRACES_SAMPLER"] = "always_on";
        var nodes = await Task.WhenAll(pools.Select(pool => Node.StartAsync(
            ["-url", origin.BaseAddress.ToString(), "-poolpeers", string.Join(',', pools), "-pooladdr", pool, "-size-d", "0", "-size-c", "64KiB"], Now, environment)));
        await using var one = nodes[0];
        await using var two = nodes[1];
        origin.Add("/film.mp4", 3_000_000);
        origin.Add("/private.mp4", Private);

        foreach (var path in new[] { "/film.mp4", "/private.mp4", "/none.mp4" })
        {
            await ReadAsync(one, path);
        }

        Assert.NotEmpty(origin.Requests);
        Assert.All(origin.Requests, AssertFree);
        await sink.WhenAsync("traces", "chunk lookup", Now);
        await sink.WhenAsync("traces", "/pool/v1/", Now); // the other member's part
        Assert.DoesNotContain(Stranger, sink.Of("traces"), StringComparison.Ordinal);
        Assert.False(sink.Contains("traces", Convert.FromHexString(TraceId)));
    }

    [Fact]
    public async Task Request_FromATrustedEdge_ContinuesItsTrace()
    {
        await using var one = await OneNode.StartAsync("-size-d 0", Now, ("TrustTraceContext", "true"));
        one.Origin.Add("/film.mp4", 1000);

        await ReadAsync(one.Node, "/film.mp4");

        Assert.All(one.Origin.Requests, request => Assert.Contains(TraceId, request["traceparent"], StringComparison.Ordinal));
        Assert.Contains(one.Origin.Requests, request => request["tracestate"] == "vendor=" + Stranger);
    }

    private static void AssertFree(OriginRequest request)
    {
        foreach (var field in Fields)
        {
            Assert.DoesNotContain(TraceId, request[field] ?? "", StringComparison.Ordinal);
            Assert.DoesNotContain(Stranger, request[field] ?? "", StringComparison.Ordinal);
        }
    }

    private static async Task ReadAsync(Node node, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("traceparent", $"00-{TraceId}-b7ad6b7169203331-01");
        request.Headers.Add("tracestate", "vendor=" + Stranger);
        request.Headers.Add("baggage", $"user={Stranger}");
        request.Headers.Add("Correlation-Context", $"user={Stranger}");
        request.Headers.Add("Request-Id", $"|{Stranger}.");
        using var answer = await node.Client.SendAsync(request, Now);
        await answer.Content.CopyToAsync(Stream.Null, Now);
    }
}
