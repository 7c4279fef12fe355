using System.Diagnostics;
using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>Spans of a read, to explain slow requests. A memory hit creates none; without a listener spans cost nothing.</summary>
/// <remarks>
/// client request → object lookup → peer lookup; client request → chunk lookup → peer read → (at the peer) fill → (former owner) peer read, or origin
/// request. Attributes: <c>chunkproxy.object</c> (<see cref="ShownPath"/>), <c>.chunk</c> (index), <c>.offset</c> (in the chunk), <c>.bytes</c>
/// (length of the slice), <c>.tier</c> (source of the bytes), <c>.outcome</c>, <c>.peer</c> (name, or address). Spans to peers also have
/// <c>server.address</c> and <c>server.port</c> of the semantic conventions.
/// </remarks>
internal static class CacheTracing
{
    public const string SourceName = Extensions.TelemetryName;

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? StartObjectLookup(ObjectId id) => Source.StartActivity("object lookup")?.Of(id);

    public static Activity? StartChunkLookup(ObjectVersion version, Slice slice) => Source.StartActivity("chunk lookup")?.Of(version.Id, slice);

    public static Activity? StartFill(Chunk chunk, int start, int limit) =>
        Source.StartActivity("fill")?.Of(chunk.Version.Id, new Slice(chunk.Index, start, limit - start));

    public static Activity? StartPeerRead(Member peer) => Source.StartActivity("peer read", ActivityKind.Client)?.To(peer);

    public static Activity? StartPeerLookup(Member peer) => Source.StartActivity("peer lookup", ActivityKind.Client)?.To(peer);

    public static Activity Of(this Activity span, ObjectId id) => span.SetTag(Tag.Object, id.Shown);

    public static Activity Of(this Activity span, ObjectId id, Slice slice) =>
        span.Of(id)
            .SetTag("chunkproxy.chunk", slice.ChunkIndex)
            .SetTag("chunkproxy.offset", slice.Offset)
            .SetTag(Tag.Bytes, slice.Length);

    /// <summary>The read succeeded, or its first bytes are available.</summary>
    public static void Found(this Activity? span, ReadReport report) =>
        span?.SetTag(Tag.Tier, report.Source.ToString()).SetTag(Tag.Collapsed, report.Collapsed).EndedAs(nameof(Found));

    public static void Failed(this Activity? span, ProxyError error) =>
        span?.SetTag(Tag.Error, error.ToString()).SetStatus(ActivityStatusCode.Error).EndedAs(error.ToString());

    public static void EndedAs(this Activity? span, string outcome) => span?.SetTag(Tag.Outcome, outcome);

    private static Activity To(this Activity span, Member peer)
    {
        var colon = peer.Id.LastIndexOf(':');
        return span
            .SetTag("chunkproxy.peer", peer.Name.Length == 0 ? peer.Id : peer.Name)
            .SetTag("server.address", peer.Id[..colon])
            .SetTag("server.port", int.Parse(peer.Id.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }
}
