using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Peers;

/// <summary>Brings a run's bytes from other members.</summary>
internal sealed class PeerSource(ClusterView cluster, PeerClient client, PeerTransport transport)
{
    /// <summary>Looks at the members that owned the chunk before. Returns false where none has the (rest of the) run; what one had is in the target.</summary>
    public ValueTask<bool> BringFromFormerOwnersAsync(FillTarget target, CancellationToken cancellationToken) =>
        BringAsync(target, cluster.MembersThatMayHold(target.Chunk.Version.Id, target.Chunk.Index), ChunkSource.PreviousOwner, cancellationToken);

    /// <summary>Asks the chunk's owner, or who stands in for it. Returns false where none could bring the (rest of the) run.</summary>
    /// <exception cref="ChunkReadException">The owner asked the origin in vain: we would hear the same.</exception>
    public ValueTask<bool> BringFromOwnerAsync(FillTarget target, CancellationToken cancellationToken) =>
        BringAsync(target, cluster.MembersToAsk(target.Chunk.Version.Id, target.Chunk.Index), ChunkSource.Peer, cancellationToken);

    private async ValueTask<bool> BringAsync(FillTarget target, IEnumerable<Member> members, ChunkSource source, CancellationToken cancellationToken)
    {
        foreach (var member in members)
        {
            var slice = new Slice(target.Chunk.Index, target.Position, target.Limit - target.Position);
            using var answer = await client.OpenChunkAsync(
                member, target.Chunk, slice, onlyIfCached: source is ChunkSource.PreviousOwner, cancellationToken).ConfigureAwait(false);
            if (answer.Failure is { } failure && failure.Error.IsSaidByOrigin())
            {
                throw failure;
            }

            if (answer.Outcome is not PeerReadOutcome.Answered)
            {
                continue;
            }

            try
            {
                while (!target.IsDone)
                {
                    target.Advance(await answer.Body!.ReadAsync(target.Room, cancellationToken).ConfigureAwait(false), source);
                }

                return true;
            }
            catch (PeerBrokeException broken)
            {
                transport.Trip(member, broken.Outcome);
            }
        }

        return false;
    }
}
