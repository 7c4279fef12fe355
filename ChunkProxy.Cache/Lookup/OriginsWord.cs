namespace ChunkProxy.Cache.Lookup;

/// <summary>Tells what the origin said from what befell whoever asked it.</summary>
internal static class OriginsWord
{
    /// <summary>The origin itself answered so: another member that asks it would hear the same. Anything else may be one member's own trouble.</summary>
    public static bool IsSaidByOrigin(this ProxyError error) => error is
        ProxyError.NotFound or ProxyError.Gone or ProxyError.OriginRefused or ProxyError.OriginFailed or ProxyError.VersionChanged;
}
