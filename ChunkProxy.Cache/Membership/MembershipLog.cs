namespace ChunkProxy.Cache.Membership;

/// <summary>What membership says in the log.</summary>
internal static partial class MembershipLog
{
    [LoggerMessage(1, LogLevel.Information, "{Member} joined with weight {Weight}: {Count} members, epoch {Epoch:x16}")]
    public static partial void MemberJoined(this ILogger logger, string member, double weight, int count, ulong epoch);

    [LoggerMessage(2, LogLevel.Information, "{Member} left: {Count} members, epoch {Epoch:x16}")]
    public static partial void MemberLeft(this ILogger logger, string member, int count, ulong epoch);

    [LoggerMessage(3, LogLevel.Information, "etcd answers at {Endpoint}")]
    public static partial void EtcdBack(this ILogger logger, Uri endpoint);

    [LoggerMessage(4, LogLevel.Warning, "etcd is away ({Reason}, last tried {Endpoint}); the last known membership stays in force")]
    public static partial void EtcdAway(this ILogger logger, Uri endpoint, string reason);

    [LoggerMessage(5, LogLevel.Debug, "A session with etcd at {Endpoint} ended")]
    public static partial void SessionEnded(this ILogger logger, Exception exception, Uri endpoint);

    [LoggerMessage(6, LogLevel.Warning, "etcd has gone back in time: it was wiped or restored; members have {Grace} to register again")]
    public static partial void EtcdWentBack(this ILogger logger, TimeSpan grace);

    [LoggerMessage(7, LogLevel.Information, "Registered in etcd as {Member} under lease {Lease:x}")]
    public static partial void Registered(this ILogger logger, string member, long lease);

    [LoggerMessage(8, LogLevel.Error, "Another process has registered as {Member}: two processes run with the same pool address; this one owns chunks that the others ask the other one for")]
    public static partial void AddressTaken(this ILogger logger, string member);

    [LoggerMessage(9, LogLevel.Warning, "Took the registration of {Member} over from a process that started at {StartedAt}; that is well if it has ended, and else two run with the same pool address")]
    public static partial void RegistrationTakenOver(this ILogger logger, string member, DateTimeOffset? startedAt);

    [LoggerMessage(10, LogLevel.Warning, "Ignored in etcd, not a member: {Ids} ({Reason})")]
    public static partial void KeyIgnored(this ILogger logger, string ids, string reason);

    [LoggerMessage(11, LogLevel.Information, "The watch was cancelled by a compaction of etcd; all members are read again")]
    public static partial void WatchCompacted(this ILogger logger);

    [LoggerMessage(12, LogLevel.Warning, "A change of membership had been missed by the watch and was found by reading all members")]
    public static partial void ChangeHadBeenMissed(this ILogger logger);

    [LoggerMessage(13, LogLevel.Information, "Left the cluster: {Member} is not registered in etcd any more")]
    public static partial void LeftCluster(this ILogger logger, string member);

    [LoggerMessage(14, LogLevel.Warning, "etcd could not be told that {Member} leaves; its registration ends within {LeaseTtl}")]
    public static partial void LeaveNotTold(this ILogger logger, string member, TimeSpan leaseTtl, Exception? exception);

    [LoggerMessage(15, LogLevel.Error, "A handler of a change of membership failed")]
    public static partial void ChangeHandlerFailed(this ILogger logger, Exception exception);
}
