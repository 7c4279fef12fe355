namespace ChunkProxy.Cache.Membership;

/// <summary>How etcd ended a watch.</summary>
internal enum WatchEnding
{
    /// <summary>The revision asked for was compacted away: read everything, then watch from there.</summary>
    Compacted,

    /// <summary>etcd cancelled it for another reason, such as a permission that was taken back.</summary>
    Cancelled,

    /// <summary>The stream ended in good order: etcd shuts down.</summary>
    StreamEnded,
}
