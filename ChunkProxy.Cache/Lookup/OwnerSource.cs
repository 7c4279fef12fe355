using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[5.3] Brings a run's bytes from the chunk's owner, or from a stand-in.</summary>
internal sealed class OwnerSource(MemberWalks walks, PeerClient client) : IFillSource
{
    public ChunkSource Kind => ChunkSource.Peer;

    public async ValueTask<bool> TryFillAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        var walk = walks.ToOwners(target.Chunk.Version.Id, target.Chunk.Index);
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
