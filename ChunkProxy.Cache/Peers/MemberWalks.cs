using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers.Health;

namespace ChunkProxy.Cache.Peers;

/// <summary>Starts walks over the members that may have a chunk.</summary>
internal sealed class MemberWalks(ClusterView cluster, PeerHealth health, OriginServers origins, TimeProvider time)
{
    /// <summary>Starts at the chunk's owner, and continues with its stand-ins.</summary>
    public MemberWalk ToOwners(ObjectId id, long chunkIndex) =>
        new(cluster.MembersToAsk(id, chunkIndex), cluster.MembersThatMayHold(id, chunkIndex), health, origins.Of(id).Breaker, time);

    /// <summary>Starts at the most likely of the chunk's former owners.</summary>
    /// <remarks>
    /// A process that fills another member's chunk was usually asked as a stand-in, by a process that has waited for that member already. So it does not
    /// wait for a silent member before it pings the others.
    /// </remarks>
    public MemberWalk ToFormerOwners(ObjectId id, long chunkIndex)
    {
        var walk = new MemberWalk([.. cluster.MembersThatMayHold(id, chunkIndex)], [], health, origins.Of(id).Breaker, time);
        if (!cluster.Owns(id, chunkIndex))
        {
            walk.PingAhead();
        }

        return walk;
    }
}
