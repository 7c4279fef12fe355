namespace ChunkProxy.Cache.Reads;

/// <summary>Every way in which a request to a peer can end.</summary>
public enum PeerReadOutcome
{
    /// <summary>It sends the bytes.</summary>
    Answered,

    /// <summary>It was asked for what it has, and has not got it.</summary>
    NotCached,

    /// <summary>It could not get the bytes either, and says why; nobody else would get further.</summary>
    Failed,

    /// <summary>No connection, or it broke.</summary>
    Unreachable,

    /// <summary>It sent nothing for a while and does not answer a ping either: hung, or cut off.</summary>
    Silent,

    /// <summary>It answers pings, but brought nothing, or next to nothing, for the stall timeout of peers, and did not wait for the origin or another member: something in it is stuck.</summary>
    Stalled,

    /// <summary>It does not take our pool key.</summary>
    Refused,

    /// <summary>It answers something that no member would, or another chunk than was asked for.</summary>
    Misbehaved,

    /// <summary>Its answer does not prove that it has the pool's key, or a block of it does not carry the tag that it must: no byte of that is used.</summary>
    Unproven,

    /// <summary>It was not asked: it failed a short while ago and has not come back yet.</summary>
    Avoided,
}
