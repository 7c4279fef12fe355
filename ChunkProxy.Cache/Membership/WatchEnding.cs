namespace ChunkProxy.Cache.Membership;

/// <summary>How etcd ended a watch.</summary>
internal enum WatchEnding
{
    /// <summary>The requested revision was compacted: read everything, then watch from there.</summary>
    Compacted,

    /// <summary>etcd cancelled the watch for another reason, such as a revoked permission.</summary>
    Cancelled,

    /// <summary>The stream ended normally: etcd is shutting down.</summary>
    StreamEnded,
}
