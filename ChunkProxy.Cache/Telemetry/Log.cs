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
}
