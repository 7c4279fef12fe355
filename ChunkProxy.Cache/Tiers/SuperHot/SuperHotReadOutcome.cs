namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>How a read of a chunk from Redis ended. Without a hit the chunk comes from its owner or the origin.</summary>
internal enum SuperHotReadOutcome
{
    /// <summary>The chunk was found and verified.</summary>
    Hit,

    /// <summary>The chunk was listed but is gone: expired, evicted or flushed.</summary>
    Absent,

    /// <summary>The value was not written by ChunkProxy. It was deleted.</summary>
    Foreign,

    /// <summary>The value was another chunk or another version. It was deleted.</summary>
    OtherChunk,

    /// <summary>The value was the chunk, but incomplete or altered. It was deleted.</summary>
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
