namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>How a look for a chunk in Redis ended. Whatever it is, the read goes on: to the chunk's owner, or the origin.</summary>
internal enum SuperHotReadOutcome
{
    /// <summary>The chunk was there, verified.</summary>
    Hit,

    /// <summary>It was there a moment ago and is not any more: expired, evicted, flushed.</summary>
    Absent,

    /// <summary>What was there is no chunk of ours. It has been deleted.</summary>
    Foreign,

    /// <summary>It was another chunk, or another version. It has been deleted.</summary>
    OtherChunk,

    /// <summary>It was the chunk, but not all of its bytes as they were written. It has been deleted.</summary>
    Damaged,

    /// <inheritdoc cref="RedisOutcome.Skipped"/>
    Skipped,

    /// <inheritdoc cref="RedisOutcome.Busy"/>
    Busy,

    /// <inheritdoc cref="RedisOutcome.TimedOut"/>
    TimedOut,

    /// <inheritdoc cref="RedisOutcome.Unreachable"/>
    Unreachable,

    /// <inheritdoc cref="RedisOutcome.Refused"/>
    Refused,
}
