using ChunkProxy.AppHost.Tests.Otlp;

namespace ChunkProxy.AppHost.Tests.Local;

public sealed class TraceTests
{
    private const int ChunkSize = 1024 * 1024;
    private const int From = 5_000_000;
    private const int Length = 1000;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ColdRequest_ThroughTheCluster_IsOneTraceFromFrontEndByOwnerToOrigin()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var run = await LocalRun.StartAsync(Cancelled, collector.Environment);
        await run.WhenMembersAsync(3, Cancelled);

        await run.GetRangeAsync("films/orbit.webm", From, Length, Cancelled);

        var spans = await collector.WhenAsync(
            spans => spans.Any(IsClientRequest)
                && HasEveryParent(spans)
                && spans.Any(span => span.Service == Topology.SampleOrigin)
                && spans.Any(span => span is { Service: Topology.Web, Name: "chunk lookup" })
                && spans.Any(IsFirstFill)
                && spans.Any(span => span is { Name: "object lookup" } && IsCache(span.Service)),
            "the spans of front end and owner",
            Cancelled);
        var request = spans.Single(IsClientRequest);
        var trace = spans.Where(span => span.TraceId == request.TraceId).ToDictionary(span => span.SpanId);
        var fill = trace.Values.Single(IsFirstFill);
        var chunk = trace.Values.Single(span => span is { Service: Topology.Web, Name: "chunk lookup" });

        // The first answer of the origin brings metadata and bytes at once, so it hangs below the lookup of the object.
        var origin = trace.Values.Single(span => span.Service == Topology.SampleOrigin && trace[trace[span.ParentId].ParentId].Name == "object lookup");
        var path = PathUp(trace, origin);
        Assert.Equal(
            ["GET /films/orbit.webm", "GET", "object lookup", "GET", "peer read", "object lookup", "GET {**path}"],
            path.Select(span => span.Name));
        Assert.Equal(
            [Topology.SampleOrigin, fill.Service, fill.Service, fill.Service, Topology.Web, Topology.Web, Topology.Web],
            path.Select(span => span.Service));
        Assert.True(IsCache(fill.Service));
        Assert.Equal(request, path[^1]);

        Assert.Equal(["chunk lookup", "GET {**path}"], PathUp(trace, chunk).Select(span => span.Name));
        Assert.Equal("/films/orbit.webm", chunk.Attributes["chunkproxy.object"]);
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
        await using var collector = await OtlpReceiver.StartAsync();
        await using var run = await LocalRun.StartAsync(Cancelled, collector.Environment); // probes every process

        await run.GetRangeAsync("films/orbit.webm", From, Length, Cancelled);

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
        span is { Service: Topology.Web, ParentId: "" } && span.Attributes.GetValueOrDefault("url.path") == "/films/orbit.webm";

    private static bool IsFirstFill(ReceivedSpan span) =>
        span is { Name: "fill" } && IsCache(span.Service) && span.Attributes["chunkproxy.offset"] == $"{From % ChunkSize}";

    private static bool IsCache(string service) => service.StartsWith("cache-", StringComparison.Ordinal);
}
