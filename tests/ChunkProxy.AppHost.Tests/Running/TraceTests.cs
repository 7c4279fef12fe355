using ChunkProxy.AppHost.Tests.Otlp;

namespace ChunkProxy.AppHost.Tests.Running;

[Collection(nameof(SharedCluster))]
public sealed class TraceTests(SharedCluster shared)
{
    private const int ChunkSize = 1024 * 1024;
    private const int From = 5_000_000;
    private const int Length = 1000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ColdRequest_ThroughTheCluster_IsOneTraceFromFrontEndByOwnerToOrigin()
    {
        var cluster = await shared.GetAsync(Cancelled);
        var collector = shared.Collector;

        await cluster.GetRangeAsync("films/tides.webm", From, Length, Cancelled);

        var spans = await collector.WhenAsync(
            spans => spans.Any(IsClientRequest)
                && HasEveryParent(spans)
                && spans.Any(span => span.Service == Names.SampleOrigin)
                && spans.Any(span => span is { Service: Names.Web, Name: "chunk lookup" })
                && spans.Any(IsFirstFill)
                && spans.Any(span => span is { Name: "object lookup" } && IsCache(span.Service)),
            "the spans of front end and owner",
            Cancelled);
        var request = spans.Single(IsClientRequest);
        var trace = spans.Where(span => span.TraceId == request.TraceId).ToDictionary(span => span.SpanId);
        var fill = trace.Values.Single(IsFirstFill);
        var chunk = trace.Values.Single(span => span is { Service: Names.Web, Name: "chunk lookup" });

        // The first answer of the origin brings metadata and bytes at once, so it hangs below the lookup of the object.
        var origin = trace.Values.Single(span => span.Service == Names.SampleOrigin && trace[trace[span.ParentId].ParentId].Name == "object lookup");
        var path = PathUp(trace, origin);
        Assert.Equal(
            ["GET /films/tides.webm", "GET", "object lookup", "GET", "peer read", "object lookup", "GET {**path}"],
            path.Select(span => span.Name));
        Assert.Equal(
            [Names.SampleOrigin, fill.Service, fill.Service, fill.Service, Names.Web, Names.Web, Names.Web],
            path.Select(span => span.Service));
        Assert.True(IsCache(fill.Service));
        Assert.Equal(request, path[^1]);

        Assert.Equal(["chunk lookup", "GET {**path}"], PathUp(trace, chunk).Select(span => span.Name));
        Assert.Equal("/films/tides.webm", chunk.Attributes["chunkproxy.object"]);
        Assert.Equal($"{From / ChunkSize}", chunk.Attributes["chunkproxy.chunk"]);
        Assert.Equal($"{From % ChunkSize}", chunk.Attributes["chunkproxy.offset"]);
        Assert.Equal($"{Length}", chunk.Attributes["chunkproxy.length"]);
        Assert.Equal("Peer", chunk.Attributes["chunkproxy.tier"]);
        Assert.Equal("Origin", fill.Attributes["chunkproxy.tier"]);
        Assert.Equal("206", request.Attributes["http.response.status_code"]);
    }

    [Fact]
    public async Task HealthProbes_WhileRunning_AreInNoTrace()
    {
        var cluster = await shared.GetAsync(Cancelled); // probes every process
        var collector = shared.Collector;

        await cluster.GetRangeAsync("films/tides.webm", From, Length, Cancelled);

        var spans = await collector.WhenAsync(spans => spans.Any(IsClientRequest), "the request's span", Cancelled);
        Assert.DoesNotContain(spans, span => span.Attributes.GetValueOrDefault("url.path", "").EndsWith("/health", StringComparison.Ordinal));
        Assert.DoesNotContain(spans, span => span is { Scope: "System.Net.Http", ParentId: "" }); // the lease at etcd
    }

    private static List<ReceivedSpan> PathUp(Dictionary<string, ReceivedSpan> trace, ReceivedSpan from)
    {
        var path = new List<ReceivedSpan> { from };
        while (path[^1].ParentId is { Length: > 0 } parent)
        {
            path.Add(trace[parent]); // a missing parent fails the test
        }

        return path;
    }

    // Processes send on their own time: a child may come before its parent.
    private static bool HasEveryParent(IReadOnlyList<ReceivedSpan> spans)
    {
        var known = spans.Select(span => span.SpanId).ToHashSet();
        return spans.All(span => span.ParentId.Length == 0 || known.Contains(span.ParentId));
    }

    private static bool IsClientRequest(ReceivedSpan span) =>
        span is { Service: Names.Web, ParentId: "" } && span.Attributes.GetValueOrDefault("url.path") == "/films/tides.webm";

    private static bool IsFirstFill(ReceivedSpan span) =>
        span is { Name: "fill" } && IsCache(span.Service) && span.Attributes["chunkproxy.offset"] == $"{From % ChunkSize}";

    private static bool IsCache(string service) => service.StartsWith("cache-", StringComparison.Ordinal);
}
