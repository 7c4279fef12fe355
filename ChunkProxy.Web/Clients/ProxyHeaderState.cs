namespace ChunkProxy.Web.Clients;

/// <summary>What the first bytes of a connection are to the PROXY protocol.</summary>
internal enum ProxyHeaderState
{
    /// <summary>The beginning of a header.</summary>
    Incomplete,

    /// <summary>A header, and perhaps bytes after it.</summary>
    Complete,

    /// <summary>No header, or one that is too long.</summary>
    Malformed,
}
