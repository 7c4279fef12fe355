namespace ChunkProxy.Cache.Origin;

/// <summary>The fields of one connection, which no proxy forwards (RFC 9110 §7.6.1). Connection may name further ones.</summary>
internal static class HopByHopFields
{
    private static readonly HashSet<string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Proxy-Connection",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Alt-Svc",
    };

    public static bool IsOne(string name) => Names.Contains(name);
}
