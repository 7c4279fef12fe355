using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Membership;

/// <summary>Knows the members of the cluster, and registers this process as one.</summary>
/// <remarks>Disposing ends the watch and leaves the registration to expire; a graceful stop calls <see cref="LeaveAsync"/> first.</remarks>
public interface IMembershipSource : IAsyncDisposable
{
    /// <summary>This process as a member; null if it owns nothing.</summary>
    Member? Self { get; }

    /// <summary>The owners of all chunks, as far as this process knows now. Never blocks; a request reads it once and keeps it.</summary>
    OwnerMap Owners { get; }

    /// <summary>State of the coordination service.</summary>
    MembershipHealth Health { get; }

    /// <summary>Raised for each new <see cref="Owners"/>, in order and one at a time.</summary>
    /// <remarks>Handlers must be quick. Their exceptions are logged and not propagated.</remarks>
    event Action<OwnerMap>? Changed;

    /// <summary>
    /// Starts to watch and to register. Does not wait for a coordination service: without it the process serves alone until it answers.
    /// </summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>Gives up ownership, and informs the other members. The watch continues, so that the remaining requests are served well.</summary>
    /// <remarks>
    /// Call before requests are drained. Afterwards <see cref="Owners"/> does not contain <see cref="Self"/>, unless no other member is left or the
    /// others cannot be informed (a static membership). If the coordination service does not answer in time, the registration expires by itself.
    /// </remarks>
    Task LeaveAsync(CancellationToken cancellationToken);
}
