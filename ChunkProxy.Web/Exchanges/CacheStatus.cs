using System.Globalization;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Formats the <c>Cache-Status</c> field (RFC 9211): how this cache handled the request, with the tier as the detail.</summary>
/// <remarks>All values of successful reads are formatted once, at start.</remarks>
internal static class CacheStatus
{
    public const string FieldName = "Cache-Status";

    private const string CacheName = "ChunkProxy";

    /// <summary>The version was known, and no chunk was needed (HEAD, 304, 412, 416).</summary>
    public const string MetadataHit = CacheName + "; hit; detail=metadata";

    /// <summary>The origin was asked for the version, and no chunk was needed.</summary>
    public const string MetadataMiss = CacheName + "; fwd=miss; detail=metadata";

    /// <summary>The origin confirmed that the version is current, and no chunk was needed.</summary>
    public const string MetadataValidated = CacheName + "; fwd=stale; detail=metadata";

    /// <summary>The request was rejected before the look-up.</summary>
    public const string Refused = CacheName + "; detail=refused";

    private static readonly string[] DetailNames = ["memory", "near-copy", "super-hot", "disk", "peer", "former-owner", "peer/origin", "origin"];

    private static readonly string[] Reads = [.. Enumerable.Range(0, DetailNames.Length * 6).Select(Form)];

    /// <summary>Returns the value for a response with content.</summary>
    /// <param name="found">The result of the look-up.</param>
    /// <param name="report">The report of the first chunk.</param>
    /// <param name="now">The current time.</param>
    public static string Of(in ObjectLookup found, ReadReport report, DateTimeOffset now)
    {
        var isNew = found is { AskedOrigin: true, Revalidated: false };

        // The response that brought a new version also brought the first chunk. A small chunk is in memory by the time it is opened.
        var source = !isNew ? report.Source : found.AskedByPeer ? ChunkSource.PeerOrigin : ChunkSource.Origin;
        var value = Reads[((int)source * 6) + (isNew ? 2 : found.Revalidated ? 4 : 0) + (report.Collapsed ? 1 : 0)];
        return found.IsStale ? Stale(value, found, now) : value;
    }

    /// <summary>Returns the value for a response without content.</summary>
    public static string OfMetadata(in ObjectLookup found, DateTimeOffset now) => found switch
    {
        { IsStale: true } => Stale(MetadataHit, found, now),
        { Revalidated: true } => MetadataValidated,
        { AskedOrigin: true } => MetadataMiss,
        _ => MetadataHit,
    };

    /// <summary>Returns the value for a forwarded response of the origin, or for an error in its place.</summary>
    /// <param name="found">The look-up that found no version.</param>
    /// <param name="status">The origin's status; 0 if it did not respond or the status is unknown.</param>
    public static string OfReply(in ObjectLookup found, int status) => found switch
    {
        { IsPassThrough: true } => PassedThrough(status),
        { AskedOrigin: false } => $"{CacheName}; hit; detail={DetailOf(found.Error)}",
        { AskedByPeer: true } => Of(found.Error, status) + "/peer",
        _ => Of(found.Error, status),
    };

    // RFC 9211 §2.4: a negative ttl is the time since the response became stale.
    private static string Stale(string value, in ObjectLookup found, DateTimeOffset now) =>
        $"{value}/stale; ttl={Math.Min(0, (long)(found.Version!.Headers.FreshUntil - now).TotalSeconds).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Returns the value for an error response.</summary>
    /// <param name="error">Why there are no bytes.</param>
    /// <param name="originStatus">The origin's status; 0 if it did not respond or the status is unknown.</param>
    public static string Of(ProxyError error, int originStatus) => originStatus == 0
        ? $"{CacheName}; fwd=miss; detail={DetailOf(error)}"
        : $"{CacheName}; fwd=miss; fwd-status={originStatus}; detail={DetailOf(error)}";

    public static string PassedThrough(int originStatus) => $"{CacheName}; fwd=miss; fwd-status={originStatus}; detail=pass-through";

    private static string Form(int index)
    {
        var source = (ChunkSource)(index / 6);
        var isNew = index % 6 / 2 == 1;
        var wasRevalidated = index % 6 / 2 == 2;
        var collapsed = index % 2 == 1 ? "; collapsed" : "";
        var did = (isNew, wasRevalidated, source) switch
        {
            (true, _, _) => "fwd=uri-miss; stored",
            (_, true, ChunkSource.Origin or ChunkSource.PeerOrigin) => "fwd=stale; stored",
            (_, true, _) => "fwd=stale", // the origin confirmed the version; the bytes were cached
            (_, _, ChunkSource.Origin or ChunkSource.PeerOrigin) => "fwd=partial; stored", // the version was known; this chunk was not cached
            _ => "hit",
        };
        return $"{CacheName}; {did}{collapsed}; detail={DetailNames[(int)source]}";
    }

    private static string DetailOf(ProxyError error) => error switch
    {
        ProxyError.NotFound => "not-found",
        ProxyError.Gone => "gone",
        ProxyError.OriginRefused => "origin-refused",
        ProxyError.OriginUnreachable => "origin-unreachable",
        ProxyError.OriginTimedOut => "origin-timed-out",
        ProxyError.OriginFailed => "origin-failed",
        ProxyError.OriginMisbehaved => "origin-misbehaved",
        ProxyError.VersionChanged => "version-changed",
        ProxyError.Overloaded => "overloaded",
        ProxyError.OriginDown => "origin-down",
        ProxyError.ClientLimited => "client-limited",
        _ => "error",
    };
}
