namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which a request to a peer can end.</summary>
public enum PeerReadOutcome
{
    /// <summary>The peer sends the bytes.</summary>
    Answered,

    /// <summary>The peer was asked for cached content only, and does not have it.</summary>
    NotCached,

    /// <summary>The peer could not get the bytes and reports the error. Other members would get no further.</summary>
    Failed,

    /// <summary>No connection, or the connection broke.</summary>
    Unreachable,

    /// <summary>The peer sent nothing for a while and does not answer pings: it is hung or cut off.</summary>
    Silent,

    /// <summary>
    /// The peer answers pings, but sent nothing or too little for the stall timeout of peers, while it waited neither for the origin nor for another
    /// member: it is stuck.
    /// </summary>
    Stalled,

    /// <summary>The peer rejects this process's pool key.</summary>
    Refused,

    /// <summary>The peer sent an invalid response, or one for another chunk.</summary>
    Misbehaved,

    /// <summary>
    /// The response does not prove that the peer has the pool key, or one of its blocks has a wrong tag. None of those bytes is used.
    /// </summary>
    Unproven,

    /// <summary>The peer has other settings for the names of objects and chunks, so its answers would be for others; or it does not have the origin.</summary>
    Disagrees,

    /// <summary>The peer was not asked: it failed recently and has not recovered yet.</summary>
    Avoided,

    /// <summary>No peer was asked: this process has as many reads of peers in progress as its limit of open files allows.</summary>
    NoPlace,
}
