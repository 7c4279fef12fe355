using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Writes the bytes of a run that one member has.</summary>
internal static class PeerRun
{
    /// <summary>
    /// Returns how the read ended, and the error that the member reported; <see cref="PeerReadOutcome.Answered"/> means that the run is done.
    /// </summary>
    public static async ValueTask<(PeerReadOutcome Outcome, ChunkReadException? Failure)> ReadAsync(
        PeerClient client, FillTarget target, Member member, ChunkSource source, CancellationToken cancellationToken)
    {
        var slice = new Slice(target.Chunk.Index, target.Position, target.Limit - target.Position);
        using var answer = await client.OpenChunkAsync(
            member, target.Chunk, slice, onlyIfCached: source is ChunkSource.FormerOwner, cancellationToken).ConfigureAwait(false);
        try
        {
            while (answer.Outcome is PeerReadOutcome.Answered && !target.IsDone)
            {
                target.Advance(await answer.Body!.ReadAsync(target.Room, cancellationToken).ConfigureAwait(false), source is ChunkSource.Peer ? answer.Source : source);
            }

            return (answer.Outcome, answer.Failure);
        }
        catch (PeerBrokeException broken)
        {
            return (broken.Outcome, null);
        }
    }
}
