namespace ChunkProxy.Cache.Origin;

/// <summary>What happens to a read that needs the origin, if its client's other reads use all that the client may use.</summary>
public enum ColdExcess
{
    /// <summary>The read waits until one of them has ended, for at most <see cref="OriginOptions.FirstByteTimeout"/>. Then it fails.</summary>
    Wait,

    /// <summary>Requests for objects that are not known fail at once. Bytes of known objects wait, because their response may have begun.</summary>
    Refuse,
}
