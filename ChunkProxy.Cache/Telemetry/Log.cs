using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Telemetry;

/// <summary>Log messages of the engine.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error: the fill of chunk {Index} of {Path} failed")]
    public static partial void FillFailedUnexpectedly(this ILogger log, string path, long index, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error: the look-up of {Path} failed")]
    public static partial void SearchFailedUnexpectedly(this ILogger log, string path, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path}: revalidation failed ({Reason}); serving the cached version")]
    public static partial void ServingStale(this ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Path} changed at the origin: {Old} is now {New}")]
    public static partial void ObjectChanged(this ILogger log, string path, string old, string @new);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped the response field {Field} of the origin: its value contains a forbidden character ({Count} such fields since this was last logged)")]
    public static partial void FieldDropped(this ILogger log, string field, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Setting} cannot be used ({Reason}); the origin gets the previous credentials")]
    public static partial void OldCredentials(this ILogger log, string setting, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removed the response field {Field} of the origin: its value contains credentials of OriginAccess ({Count} such fields since this was last logged)")]
    public static partial void SecretDropped(this ILogger log, string field, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Peer {Peer} failed ({Outcome}); bypassing it until it recovers")]
    public static partial void PeerFailed(this ILogger log, string peer, PeerReadOutcome outcome);

    [LoggerMessage(Level = LogLevel.Error, Message = "Member {Member} has other settings, and is bypassed until they are equal: {Difference}")]
    public static partial void MemberDiffers(this ILogger log, string member, string difference);

    [LoggerMessage(Level = LogLevel.Information, Message = "Peer {Peer} recovered")]
    public static partial void PeerAvailable(this ILogger log, string peer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a pool request from {Address} ({Verdict}; {Count} since this was last logged). If it is a member, check its -poolkey and its clock")]
    public static partial void RequestRefused(this ILogger log, System.Net.IPAddress? address, RequestVerdict verdict, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Rejected a pool request from {Address} to {Path} (400; {Count} since this was last logged). If it is a member, its CacheKey settings, its chunk size or its version differ")]
    public static partial void RequestUnsupported(this ILogger log, System.Net.IPAddress? address, string path, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a read for the member at {Address} (421; {Count} since this was last logged): ChunkProxy:Origins:{Origin} is unknown here, or has other settings. The member fetches the object itself. If this process has the former settings, reload it")]
    public static partial void OriginUnknown(this ILogger log, System.Net.IPAddress? address, string origin, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The pool at {Address} is open (PoolOpen): every process that reaches its port is trusted as a member and can alter responses")]
    public static partial void PoolIsOpen(this ILogger log, string address);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No pool key is set (-poolkeyfile): every process that can write to {Store} is trusted and can alter responses")]
    public static partial void StoreTrusted(this ILogger log, string store);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Origin unavailable ({Reason}); {Consequence}. Check its URL ({Origin}) and connectivity")]
    public static partial void OriginUnavailable(this ILogger log, string reason, string consequence, Uri origin);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No credentials for the object store (OriginAccess:S3Region): {Reason} ({Count} requests since this was last logged)")]
    public static partial void NoS3Credentials(this ILogger log, string reason, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No token for the object store (OriginAccess:AzureIdentity): {Reason} ({Count} requests since this was last logged)")]
    public static partial void NoAzureToken(this ILogger log, string reason, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The origin does not support {Field}; from now on the validators of its responses are compared instead")]
    public static partial void ConditionNotSupported(this ILogger log, string field);

    [LoggerMessage(Level = LogLevel.Information, Message = "Origin available again, after {Duration} ({Origin})")]
    public static partial void OriginAvailable(this ILogger log, TimeSpan duration, Uri origin);

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining {Member}: it no longer owns chunks, hands its hottest chunks to their new owners, and answers until it stops or rejoins")]
    public static partial void Drains(this ILogger log, string member);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} rejoined after a drain")]
    public static partial void RejoiningCluster(this ILogger log, string member);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error: the hand-over of chunks failed")]
    public static partial void HandOverFailedUnexpectedly(this ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Offered {Count} chunks to their new owners")]
    public static partial void ChunksOffered(this ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hand-over ran out of time; some chunks were not offered")]
    public static partial void HandOverCutShort(this ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error: the pool request {Path} failed")]
    public static partial void PoolRequestFailedUnexpectedly(this ILogger log, string path, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Redis unavailable ({Problem}); reading super-hot chunks from their owners")]
    public static partial void RedisFailed(this ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Redis available again")]
    public static partial void RedisAvailable(this ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Purged {Path}: {Chunks} chunks, {Bytes} bytes freed")]
    public static partial void Purged(this ILogger log, string path, int chunks, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The purge of {Path} is not confirmed by {Away} yet. A member that has not confirmed a purge applies it before it serves the object again")]
    public static partial void PurgeIncomplete(this ILogger log, string path, string away);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Missed more purges than peers remember; discarding the whole cache")]
    public static partial void TooManyPurgesMissed(this ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot write purges to {Path} ({Problem}); after a restart this process must learn them from its peers")]
    public static partial void PurgesNotSaved(this ILogger log, string path, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unexpected error: a purge failed")]
    public static partial void PurgeFailedUnexpectedly(this ILogger log, Exception error);
}
