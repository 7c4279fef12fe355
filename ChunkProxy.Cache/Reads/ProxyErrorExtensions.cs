namespace ChunkProxy.Cache.Reads;

/// <summary>Distinguishes the origin's own answers from faults of the process that asked it.</summary>
internal static class ProxyErrorExtensions
{
    /// <summary>
    /// Returns whether the origin itself answered so, and would answer another member the same. Other errors may be specific to one member.
    /// </summary>
    public static bool IsFromOrigin(this ProxyError error) => error is
        ProxyError.NotFound or ProxyError.Gone or ProxyError.OriginRefused or ProxyError.OriginFailed or ProxyError.VersionChanged;

    /// <summary>Returns whether the origin no longer has the version that was read.</summary>
    public static bool IsVersionGone(this ProxyError error) => error is ProxyError.VersionChanged or ProxyError.NotFound or ProxyError.Gone;

    /// <summary>Returns whether the origin gave no usable answer about the object, so that stored content may still be served.</summary>
    public static bool IsOriginUnavailable(this ProxyError error) =>
        error is ProxyError.OriginUnreachable or ProxyError.OriginTimedOut or ProxyError.OriginFailed or ProxyError.OriginMisbehaved
            or ProxyError.Overloaded or ProxyError.OriginDown;
}
