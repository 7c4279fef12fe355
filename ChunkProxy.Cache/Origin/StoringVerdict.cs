namespace ChunkProxy.Cache.Origin;

/// <summary>Whether a response may be kept and given to other clients (RFC 9111 §3), and if not, why.</summary>
internal enum StoringVerdict
{
    /// <summary>It may.</summary>
    Shareable,

    /// <summary><c>no-store</c> (§5.2.2.5).</summary>
    NoStore,

    /// <summary><c>private</c> for the whole response (§5.2.2.7).</summary>
    Private,

    /// <summary><c>Vary: *</c>: no other request selects it (§4.1).</summary>
    VariesOnEverything,

    /// <summary>It sets a cookie, which is for one client.</summary>
    SetsCookie,

    /// <summary>It answers a request with credentials, and does not say that it may be shared (§3.5).</summary>
    ForOneUser,

    /// <summary>It is stale already and has no validator, so it could never be used again.</summary>
    NeverReusable,
}
