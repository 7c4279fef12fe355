using ChunkProxy.AppHost.Tests.Otlp;

namespace ChunkProxy.AppHost.Tests.Local;

public sealed class TraceTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ColdRequest_ThroughTheCluster_IsOneTraceFromFrontEndByOwnerToOrigin()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var run = await LocalRun.StartAsync(Cancelled, collector.Environment);
        await run.WhenMembersAsync(3, Cancelled);

        await run.GetRangeAsync("films/orbit.webm", 5_000_000, 1000, Cancelled);

        var spans = await collector.WhenAsync(
            spans => spans.Any(span => span.Service == Topology.SampleOrigin) && spans.Any(IsClientRequest), "the request's trace", Cancelled);
        var request = spans.Single(IsClientRequest);
        var trace = spans.Where(span => span.TraceId == request.TraceId).ToDictionary(span => span.SpanId);
        var atOrigin = trace.Values.First(span => span.Service == Topology.SampleOrigin);

        // From the origin's span back to the client's request, without a gap.
        var path = new List<ReceivedSpan> { atOrigin };
        while (trace.TryGetValue(path[^1].ParentId, out var parent))
        {
            path.Add(parent);
        }

        Assert.Equal(request.SpanId, path[^1].SpanId);
        Assert.Contains(path, span => span.Service.StartsWith("cache-", StringComparison.Ordinal) && span.Attributes.ContainsKey("http.response.status_code"));
        Assert.Equal("206", request.Attributes["http.response.status_code"]);
        Assert.Equal("206", atOrigin.Attributes["http.response.status_code"]);
        Assert.DoesNotContain(spans, span => span.Attributes.GetValueOrDefault("url.path", "").EndsWith("/health", StringComparison.Ordinal));
    }

    private static bool IsClientRequest(ReceivedSpan span) =>
        span is { Service: Topology.Web, ParentId: "" } && span.Attributes.GetValueOrDefault("url.path") == "/films/orbit.webm";
}
