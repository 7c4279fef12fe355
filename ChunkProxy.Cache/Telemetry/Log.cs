using ChunkProxy.Cache.Peers;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>What the engine says in the log.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Chunk {Index} of {Path} could not be retrieved, for a reason that should not exist")]
    public static partial void FillFailedUnexpectedly(this ILogger log, string path, long index, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} could not be looked up, for a reason that should not exist")]
    public static partial void SearchFailedUnexpectedly(this ILogger log, string path, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path}: the origin cannot say whether it has changed ({Reason}); serving what is known")]
    public static partial void ServingStale(this ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} has changed at the origin: {Old} is {New} now")]
    public static partial void ObjectChanged(this ILogger log, string path, string old, string @new);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} does not answer as a member should ({Outcome}): reads go round it until it is back")]
    public static partial void PeerFailed(this ILogger log, string peer, PeerReadOutcome outcome);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Peer} is back")]
    public static partial void PeerIsBack(this ILogger log, string peer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stranger at {Address} asked the pool without its key ({Count} such requests since this was last said): if it is a member, give it the same -poolkey")]
    public static partial void StrangerRefused(this ILogger log, System.Net.IPAddress? address, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The origin does not help ({Reason}): what is cached is served on, the rest is not to be had. Is -url right, and can the origin be reached from here?")]
    public static partial void OriginAway(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The origin does not support {Field}; from now on the validators of its responses are compared instead")]
    public static partial void ConditionNotSupported(this ILogger log, string field);

    [LoggerMessage(Level = LogLevel.Information, Message = "The origin answers again, after {Duration}")]
    public static partial void OriginIsBack(this ILogger log, TimeSpan duration);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} is being drained: it owns nothing any more, hands its hottest chunks on, and answers until it is stopped or joins again")]
    public static partial void Drains(this ILogger log, string member);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} joins again after it was drained")]
    public static partial void JoinsAgain(this ILogger log, string member);

    [LoggerMessage(Level = LogLevel.Error, Message = "Handing chunks on failed, for a reason that should not exist")]
    public static partial void HandOverFailedUnexpectedly(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} chunks offered to the members that own them from now on")]
    public static partial void ChunksOffered(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not all chunks could be handed on in time")]
    public static partial void HandOverCutShort(this ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "The pool could not answer {Path}, for a reason that should not exist")]
    public static partial void PoolRequestFailedUnexpectedly(this ILogger log, string path, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis does not help at the moment ({Problem}): super-hot chunks are read from their owners")]
    public static partial void RedisFailed(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis helps again")]
    public static partial void RedisIsBack(this ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} has been purged: {Chunks} chunks, {Bytes} bytes freed")]
    public static partial void Purged(this ILogger log, string path, int chunks, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The purge of {Path} was not confirmed by {Away}; they forget it before they serve it again")]
    public static partial void PurgeIncomplete(this ILogger log, string path, string away);

    [LoggerMessage(Level = LogLevel.Warning, Message = "More has been purged while this process was away than the others remember: everything cached is forgotten")]
    public static partial void AwayTooLong(this ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "Purges cannot be kept in {Path} ({Problem}); after a restart this process must learn them from the others")]
    public static partial void PurgesNotKept(this ILogger log, string path, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "A purge could not be carried out, for a reason that should not exist")]
    public static partial void PurgeFailedUnexpectedly(this ILogger log, Exception error);
}
