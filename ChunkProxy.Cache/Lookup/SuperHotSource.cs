using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[5.2] Brings a run's bytes from the super-hot tier, which all processes share.</summary>
internal sealed class SuperHotSource(SuperHotTier tier) : IFillSource
{
    public ChunkSource Kind => ChunkSource.SuperHot;

    public async ValueTask<bool> TryFillAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        if (!tier.Contains(target.Chunk.Key))
        {
            return false;
        }

        using var read = await tier.ReadAsync(target.Chunk, cancellationToken).ConfigureAwait(false);
        if (read.Outcome is not SuperHotReadOutcome.Hit)
        {
            return false;
        }

        Copy(read.Bytes, target);
        return true;
    }

    private static void Copy(ReadOnlySpan<byte> bytes, FillTarget target)
    {
        while (!target.IsDone)
        {
            var room = target.Room;
            bytes.Slice(target.Position, room.Length).CopyTo(room.Span);
            target.Advance(room.Length, ChunkSource.SuperHot);
        }
    }
}
