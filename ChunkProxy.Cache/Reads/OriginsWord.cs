namespace ChunkProxy.Cache.Reads;

/// <summary>Tells what the origin said from what befell whoever asked it.</summary>
internal static class OriginsWord
{
    /// <summary>The origin itself answered so: another member that asks it would hear the same. Anything else may be one member's own trouble.</summary>
    public static bool IsSaidByOrigin(this ProxyError error) => error is
        ProxyError.NotFound or ProxyError.Gone or ProxyError.OriginRefused or ProxyError.OriginFailed or ProxyError.VersionChanged;

    /// <summary>The origin gave no answer, or none that says anything of the object: what is known of it may be served on.</summary>
    public static bool IsOriginAway(this ProxyError error) =>
        error is ProxyError.OriginUnreachable or ProxyError.OriginTimedOut or ProxyError.OriginFailed or ProxyError.OriginMisbehaved or ProxyError.Overloaded;
}
