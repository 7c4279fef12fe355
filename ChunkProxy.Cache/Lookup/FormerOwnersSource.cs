using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>
/// [5.4] Brings a run's bytes from former owners of the chunk. They send only what they have. The wait for the first is shorter than for a ping.
/// </summary>
internal sealed class FormerOwnersSource(MemberWalks walks, PeerClient client, UpstreamWaits waits) : IFillSource
{
    public ChunkSource Kind => ChunkSource.FormerOwner;

    public async ValueTask<bool> TryFillAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        using var wait = waits.ForChunk(target.Chunk);
        var walk = walks.ToFormerOwners(target.Chunk.Version.Id, target.Chunk.Index);
        while (walk.Next() is { } member)
        {
            var (outcome, _) = await PeerRun.ReadAsync(client, target, member, Kind, cancellationToken).ConfigureAwait(false);
            if (outcome is PeerReadOutcome.Answered)
            {
                return true;
            }

            await walk.PassAsync(outcome, ProxyError.None, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }
}
