using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;

namespace ChunkProxy.Cache.Peers;

/// <summary>Brings a run's bytes from members that owned the chunk before, if they still have them.</summary>
internal sealed class PeerSource(ClusterView cluster, PeerClient client)
{
    /// <summary>Returns false where no member has the (rest of the) run; what one had is in the target.</summary>
    public async ValueTask<bool> BringAsync(FillTarget target, CancellationToken cancellationToken)
    {
        foreach (var member in cluster.MembersThatMayHold(target.Chunk))
        {
            var slice = new Slice(target.Chunk.Index, target.Position, target.Limit - target.Position);
            using var answer = await client.OpenChunkAsync(member, target.Chunk, slice, onlyIfCached: true, cancellationToken).ConfigureAwait(false);
            if (answer.Outcome is not PeerReadOutcome.Answered)
            {
                continue;
            }

            try
            {
                while (!target.IsDone)
                {
                    target.Advance(await answer.Body!.ReadAsync(target.Room, cancellationToken).ConfigureAwait(false), ChunkSource.PreviousOwner);
                }

                return true;
            }
            catch (PeerBrokeException broken)
            {
                client.Trip(member, broken.Outcome);
            }
        }

        return false;
    }
}
