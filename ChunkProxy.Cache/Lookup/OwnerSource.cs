using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[5.3] Brings a run's bytes from the chunk's owner, or from a stand-in.</summary>
internal sealed class OwnerSource(ClusterView cluster, PeerClient client, PeerHealth health, OriginServers origins) : IFillSource
{
    public ChunkSource Kind => ChunkSource.Peer;

    public async ValueTask<bool> TryFillAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        var id = target.Chunk.Version.Id;
        var walk = new MemberWalk(cluster.MembersToAsk(id, target.Chunk.Index), health, origins.Of(id).Breaker);
        while (walk.Next() is { } member)
        {
            var (outcome, failure) = await PeerRun.ReadAsync(client, target, member, Kind, cancellationToken).ConfigureAwait(false);
            if (outcome is PeerReadOutcome.Answered)
            {
                return true;
            }

            if (failure is not null && await walk.IsFinalAsync(failure.Error, cancellationToken).ConfigureAwait(false))
            {
                throw failure;
            }

            await walk.PassAsync(outcome, failure?.Error ?? ProxyError.None, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }
}
