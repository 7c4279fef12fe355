using System.Diagnostics;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>The spans of a read: enough to explain a slow seek. A chunk found in memory has none, and without a listener none cost anything.</summary>
/// <remarks>client request → object lookup → peer read; client request → chunk lookup → peer read → (at the peer) fill → origin request.</remarks>
internal static class CacheTracing
{
    public const string SourceName = "ChunkProxy";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartObjectLookup(ObjectId id) => Source.StartActivity("object lookup")?.SetTag("chunkproxy.object", id.PathAndQuery);

    public static Activity? StartChunkLookup(ObjectVersion version, Slice slice) =>
        Source.StartActivity("chunk lookup")
            ?.SetTag("chunkproxy.object", version.Id.PathAndQuery)
            .SetTag("chunkproxy.chunk", slice.ChunkIndex)
            .SetTag("chunkproxy.offset", slice.Offset)
            .SetTag("chunkproxy.length", slice.Length);

    public static Activity? StartFill(Chunk chunk, int start, int limit) =>
        Source.StartActivity("fill")
            ?.SetTag("chunkproxy.object", chunk.Version.Id.PathAndQuery)
            .SetTag("chunkproxy.chunk", chunk.Index)
            .SetTag("chunkproxy.offset", start)
            .SetTag("chunkproxy.length", limit - start);

    public static Activity? StartPeerRead(string peer) =>
        Source.StartActivity("peer read", ActivityKind.Client)?.SetTag("chunkproxy.peer", peer);

    public static void Found(this Activity? span, ReadReport report) =>
        span?.SetTag("chunkproxy.tier", report.Source.ToString()).SetTag("chunkproxy.collapsed", report.Collapsed);

    public static void Failed(this Activity? span, ProxyError error) =>
        span?.SetTag("chunkproxy.error", error.ToString()).SetStatus(ActivityStatusCode.Error);
}
