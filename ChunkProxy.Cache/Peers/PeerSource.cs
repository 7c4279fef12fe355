using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Peers;

/// <summary>Brings a run's bytes from other members.</summary>
internal sealed class PeerSource(ClusterView cluster, PeerClient client, PeerVitals vitals)
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
        var candidates = members.ToList();
        for (var next = 0; next < candidates.Count;)
        {
            switch (await BringAsync(target, candidates[next++], source, cancellationToken).ConfigureAwait(false))
            {
                case PeerReadOutcome.Answered:
                    return true;
                case PeerReadOutcome.Silent when source is ChunkSource.Peer: // one that is asked for what it has is not waited for as long as for a ping
                    await vitals.CheckAsync(candidates.Skip(next), cancellationToken).ConfigureAwait(false);
                    break;
            }
        }

        return false;
    }

    // How it ended; answered: the run is done.
    private async ValueTask<PeerReadOutcome> BringAsync(FillTarget target, Member member, ChunkSource source, CancellationToken cancellationToken)
    {
        var slice = new Slice(target.Chunk.Index, target.Position, target.Limit - target.Position);
        using var answer = await client.OpenChunkAsync(
            member, target.Chunk, slice, onlyIfCached: source is ChunkSource.PreviousOwner, cancellationToken).ConfigureAwait(false);
        if (answer.Failure is { } failure && failure.Error.IsSaidByOrigin())
        {
            throw failure;
        }

        try
        {
            while (answer.Outcome is PeerReadOutcome.Answered && !target.IsDone)
            {
                target.Advance(await answer.Body!.ReadAsync(target.Room, cancellationToken).ConfigureAwait(false), source is ChunkSource.Peer ? answer.Source : source);
            }

            return answer.Outcome;
        }
        catch (PeerBrokeException broken)
        {
            return broken.Outcome;
        }
    }
}
