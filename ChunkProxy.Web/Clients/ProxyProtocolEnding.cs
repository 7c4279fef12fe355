namespace ChunkProxy.Web.Clients;

/// <summary>How a connection to a listener with the PROXY protocol began.</summary>
internal enum ProxyProtocolEnding
{
    /// <summary>With a header. All others are closed.</summary>
    Accepted,

    /// <summary>The peer is not in <see cref="ClientOptions.TrustedProxies"/>.</summary>
    NotTrusted,

    /// <summary>Without a header, or with a malformed one.</summary>
    Malformed,

    /// <summary>The header was not complete in time.</summary>
    Late,

    /// <summary>The connection ended before its header was complete, as that of a health check does.</summary>
    Gone,
}
