using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[5.4] Brings a run's bytes from members that owned the chunk before. They are asked only for what they have, and waited for shorter than for a ping.</summary>
internal sealed class FormerOwnersSource(ClusterView cluster, PeerClient client, UpstreamWaits waits) : IFillSource
{
    public ChunkSource Kind => ChunkSource.PreviousOwner;

    public async ValueTask<bool> BringAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        using var wait = waits.ForChunk(target.Chunk);
        foreach (var member in cluster.MembersThatMayHold(target.Chunk.Version.Id, target.Chunk.Index))
        {
            if (await PeerRun.BringAsync(client, target, member, Kind, cancellationToken).ConfigureAwait(false) is { Outcome: PeerReadOutcome.Answered })
            {
                return true;
            }
        }

        return false;
    }
}
