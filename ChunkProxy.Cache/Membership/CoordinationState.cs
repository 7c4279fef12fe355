namespace ChunkProxy.Cache.Membership;

/// <summary>Whether the coordination service answers.</summary>
public enum CoordinationState
{
    /// <summary>The membership is static; there is no coordination service.</summary>
    NotUsed,

    /// <summary>It has not answered since the start: the process serves alone.</summary>
    NeverSeen,

    /// <summary>It answers, and changes of membership are seen as they happen.</summary>
    Connected,

    /// <summary>It answered before and does not now: the last known membership stays in effect.</summary>
    Away,
}
