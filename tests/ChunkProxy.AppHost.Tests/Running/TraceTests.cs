using System.Globalization;
using System.Net;
using ChunkProxy.AppHost.Tests.Otlp;

namespace ChunkProxy.AppHost.Tests.Running;

[Collection(nameof(SharedCluster))]
public sealed class TraceTests(SharedCluster shared)
{
    private const int ChunkSize = 1024 * 1024;
    private const int From = 5_000_000;
    private const int Length = 20_000; // so much of a chunk that the owner fetches the rest after the read (FinishFactor)
    private const string Path = "films/tides.webm";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ColdSeek_ThroughTheCluster_IsOneTraceFromFrontEndByOwnerToOrigin()
    {
        var cluster = await shared.GetAsync(Cancelled);
        var seek = $"{Path}?token=secret-{Guid.NewGuid():N}"; // an object that no other test reads

        using (var response = await cluster.SendRangeAsync(seek, From, Length, Cancelled))
        {
            Assert.True(response.StatusCode is HttpStatusCode.PartialContent, $"{response}\n{await response.Content.ReadAsStringAsync(Cancelled)}");
            Assert.Equal(Length, (await response.Content.ReadAsByteArrayAsync(Cancelled)).Length);
        }

        var spans = await shared.Collector.WhenAsync(
            spans => SpansOf(spans).Any(IsFirstFill) && SpansOf(spans).Any(span => span.Service == Names.SampleOrigin) && HasEveryParent(SpansOf(spans)),
            "the spans of front end, owner and origin",
            Cancelled);
        var trace = SpansOf(spans).ToDictionary(span => span.SpanId);
        var request = trace.Values.Single(span => span.ParentId.Length == 0);
        var fill = trace.Values.Single(IsFirstFill);
        var chunk = trace.Values.Single(span => span is { Service: Names.Web, Name: "chunk lookup" });
        var peer = trace.Values.Single(span => span is { Service: Names.Web, Name: "peer read" });

        // The origin's first response contains metadata and bytes, so its span is below the look-up of the object.
        var origin = trace.Values.Single(span => span.Service == Names.SampleOrigin && trace[trace[span.ParentId].ParentId].Name == "object lookup");
        var path = PathUp(trace, origin);
        Assert.Equal([$"GET /{Path}", "GET", "object lookup", "GET /pool/v1/object", "peer lookup", "object lookup", "GET {**path}"], path.Select(span => span.Name));
        Assert.Equal(
            [Names.SampleOrigin, fill.Service, fill.Service, fill.Service, Names.Web, Names.Web, Names.Web],
            path.Select(span => span.Service));
        Assert.StartsWith("cache-", fill.Service, StringComparison.Ordinal);

        Assert.Equal(["peer read", "chunk lookup", "GET {**path}"], PathUp(trace, peer).Select(span => span.Name));
        Assert.Matches($"^/{Path}\\?…#[0-9a-f]{{6}}$", chunk.Attributes["chunkproxy.object"]);
        Assert.Equal($"{From / ChunkSize}", chunk.Attributes["chunkproxy.chunk"]);
        Assert.Equal($"{From % ChunkSize}", chunk.Attributes["chunkproxy.offset"]);
        Assert.Equal($"{Length}", chunk.Attributes["chunkproxy.bytes"]);
        Assert.StartsWith("Peer", chunk.Attributes["chunkproxy.tier"], StringComparison.Ordinal); // PeerOrigin, unless the owner has the whole chunk by then
        Assert.Equal("Found", chunk.Attributes["chunkproxy.outcome"]);
        Assert.Equal(fill.Service, peer.Attributes["chunkproxy.peer"]);
        Assert.Equal("Origin", fill.Attributes["chunkproxy.tier"]);
        Assert.Equal("Found", fill.Attributes["chunkproxy.outcome"]);
        Assert.True(int.Parse(fill.Attributes["chunkproxy.bytes"], CultureInfo.InvariantCulture) > 0);
        Assert.Equal("206", request.Attributes["http.response.status_code"]);
        Assert.Equal($"{Length}", request.Attributes["http.response.body.size"]);
        Assert.Equal("Completed", request.Attributes["chunkproxy.outcome"]);
        Assert.Equal($"bytes={From}-{From + Length - 1}", request.Attributes["http.request.header.range"]);
        Assert.DoesNotContain(
            trace.Values.SelectMany(span => span.Attributes.Select(attribute => $"{span.Service} {span.Scope} {attribute.Key}={attribute.Value}")),
            text => text.Contains("secret-", StringComparison.Ordinal));

        IReadOnlyList<ReceivedSpan> SpansOf(IReadOnlyList<ReceivedSpan> all)
        {
            var root = all.FirstOrDefault(span => span is { Service: Names.Web, ParentId: "" } && span.Attributes.GetValueOrDefault("http.request.header.range") == $"bytes={From}-{From + Length - 1}");
            return root is null ? [] : [.. all.Where(span => span.TraceId == root.TraceId)];
        }
    }

    [Fact]
    public async Task BackgroundWork_OfACluster_BeginsNoTrace()
    {
        var cluster = await shared.GetAsync(Cancelled); // with Redis, etcd, pings, and the orchestrator's probes

        // Every process has read the list in Redis several times since this read began.
        var lists = await cluster.RedisCallsAsync("zrevrangebyscore", Cancelled);
        await cluster.GetRangeAsync(Path, 3 * From, Length, Cancelled);
        await cluster.WhenRedisCallsAsync("zrevrangebyscore", lists + 20, Cancelled);
        await cluster.GetRangeAsync(Path, 2 * From, Length, Cancelled);

        var spans = await shared.Collector.WhenAsync(
            spans => spans.Any(span => span.Attributes.GetValueOrDefault("http.request.header.range")?.StartsWith($"bytes={2 * From}-", StringComparison.Ordinal) == true),
            "the span of the read after them",
            Cancelled);

        // Client requests to the front end, and nothing else. Spans of one process arrive in the order in which they ended.
        var roots = spans.Where(span => span.ParentId.Length == 0).ToArray();
        Assert.All(roots, root => Assert.True(root is { Service: Names.Web, Scope: "Microsoft.AspNetCore" }, root.ToString()));
        Assert.DoesNotContain(roots, root => root.Attributes.GetValueOrDefault("url.path", "").EndsWith("/health", StringComparison.Ordinal));
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

    // Processes send independently, so a child may arrive before its parent.
    private static bool HasEveryParent(IReadOnlyList<ReceivedSpan> spans)
    {
        var known = spans.Select(span => span.SpanId).ToHashSet();
        return spans.All(span => span.ParentId.Length == 0 || known.Contains(span.ParentId));
    }

    private static bool IsFirstFill(ReceivedSpan span) =>
        span is { Name: "fill" } && span.Service.StartsWith("cache-", StringComparison.Ordinal) && span.Attributes["chunkproxy.offset"] == $"{From % ChunkSize}";
}
