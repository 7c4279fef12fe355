namespace ChunkProxy.Cache.Origin;

/// <summary>Whether a response may be stored and shared (RFC 9111 §3), or the reason why not.</summary>
internal enum StoringVerdict
{
    /// <summary>The response may be stored and shared.</summary>
    Shareable,

    /// <summary><c>no-store</c> (§5.2.2.5).</summary>
    NoStore,

    /// <summary><c>private</c> for the whole response (§5.2.2.7).</summary>
    Private,

    /// <summary><c>Vary: *</c>: the response matches no other request (§4.1).</summary>
    VariesOnEverything,

    /// <summary>The response sets a cookie, which is for one client.</summary>
    SetsCookie,

    /// <summary>The request has credentials, and the response does not allow sharing (§3.5).</summary>
    ForOneUser,

    /// <summary>The response is already stale and has no validator, so it could never be reused.</summary>
    NeverReusable,
}
