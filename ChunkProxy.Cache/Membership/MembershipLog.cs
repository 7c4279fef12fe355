namespace ChunkProxy.Cache.Membership;

/// <summary>Log messages of membership.</summary>
internal static partial class MembershipLog
{
    [LoggerMessage(1, LogLevel.Information, "{Member} joined with weight {Weight}: {Count} members, epoch {Epoch:x16}")]
    public static partial void MemberJoined(this ILogger logger, string member, double weight, int count, ulong epoch);

    [LoggerMessage(2, LogLevel.Information, "{Member} left: {Count} members, epoch {Epoch:x16}")]
    public static partial void MemberLeft(this ILogger logger, string member, int count, ulong epoch);

    [LoggerMessage(3, LogLevel.Information, "Connected to etcd at {Endpoint}")]
    public static partial void EtcdAvailable(this ILogger logger, string endpoint);

    [LoggerMessage(4, LogLevel.Warning, "etcd unavailable ({Reason}, last tried {Endpoint}); keeping the last known membership")]
    public static partial void EtcdUnavailable(this ILogger logger, string endpoint, string reason);

    [LoggerMessage(5, LogLevel.Debug, "A session with etcd at {Endpoint} ended")]
    public static partial void SessionEnded(this ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(6, LogLevel.Warning, "etcd returned an older revision: it was wiped or restored. Members have {Grace} to register again")]
    public static partial void EtcdRevisionDecreased(this ILogger logger, TimeSpan grace);

    [LoggerMessage(7, LogLevel.Information, "Registered in etcd as {Member} under lease {Lease:x}")]
    public static partial void Registered(this ILogger logger, string member, long lease);

    [LoggerMessage(8, LogLevel.Error, "Another process registered as {Member}. Two processes use the same pool address; peers send this process's reads to the other one")]
    public static partial void AddressTaken(this ILogger logger, string member);

    [LoggerMessage(9, LogLevel.Warning, "Took over the registration of {Member} from a process that started at {StartedAt}. If that process still runs, two processes use the same pool address")]
    public static partial void RegistrationTakenOver(this ILogger logger, string member, DateTimeOffset? startedAt);

    [LoggerMessage(10, LogLevel.Warning, "Ignoring etcd keys that are not members: {Ids} ({Reason})")]
    public static partial void KeyIgnored(this ILogger logger, string ids, string reason);

    [LoggerMessage(11, LogLevel.Information, "etcd compaction cancelled the watch; reading all members again")]
    public static partial void WatchCompacted(this ILogger logger);

    [LoggerMessage(12, LogLevel.Warning, "The watch missed a membership change; a full read found it")]
    public static partial void ChangeMissed(this ILogger logger);

    [LoggerMessage(13, LogLevel.Information, "Left the cluster: removed {Member} from etcd")]
    public static partial void LeftCluster(this ILogger logger, string member);

    [LoggerMessage(14, LogLevel.Warning, "Cannot remove {Member} from etcd; its registration expires within {LeaseTtl}")]
    public static partial void LeaveNotPublished(this ILogger logger, string member, TimeSpan leaseTtl, Exception? exception);

    [LoggerMessage(15, LogLevel.Error, "Unexpected error in a membership change handler")]
    public static partial void ChangeHandlerFailed(this ILogger logger, Exception exception);
}
