using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>Knows who the members are, and takes part on behalf of this process.</summary>
/// <remarks>Disposing ends the watching and leaves the registration to expire; a graceful stop calls <see cref="LeaveAsync"/> first.</remarks>
public interface IMembershipSource : IAsyncDisposable
{
    /// <summary>This process as a member; null if it owns nothing.</summary>
    Member? Self { get; }

    /// <summary>Who owns what, as far as this process knows now. Never waits; a request reads it once and keeps it.</summary>
    OwnerMap Owners { get; }

    /// <summary>How it stands with the coordination service.</summary>
    MembershipHealth Health { get; }

    /// <summary>Tells of each new <see cref="Owners"/>, in order and one at a time.</summary>
    /// <remarks>Handlers are quick. What they throw is logged and goes no further.</remarks>
    event Action<OwnerMap>? Changed;

    /// <summary>Begins to watch and to take part. Does not wait for a coordination service: a process that starts without it serves alone until it comes.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Gives up ownership: the others stop counting on this process. Watching goes on, so that what is left of requests is served well.</summary>
    /// <remarks>
    /// Call before requests are drained. Afterwards <see cref="Owners"/> does not hold <see cref="Self"/> any more, unless nobody else is left or
    /// nobody can be told (a static membership). When the coordination service does not answer in time, the registration expires by itself.
    /// </remarks>
    Task LeaveAsync(CancellationToken cancellationToken);
}
