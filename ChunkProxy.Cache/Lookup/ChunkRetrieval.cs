using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Lookup;

/// <summary>The order in which a fill looks for its bytes: this process's disk, the shared tier if the chunk is super hot, members that owned it before, the origin.
/// For a near copy the shared tier and the chunk's owner come first.</summary>
internal sealed class ChunkRetrieval(PeerSource peers, OriginSource origin, SourceWaits waits, DiskTier? disk = null, SuperHotTier? superHot = null) : IChunkRetrieval
{
    private readonly DiskSource? _disk = disk is null ? null : new DiskSource(disk);
    private readonly SuperHotSource? _superHot = superHot is null ? null : new SuperHotSource(superHot);

    public async Task BringAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        if (target.Fill.IsNearCopy
            && (await BringFromSuperHotAsync(target, cancellationToken).ConfigureAwait(false)
                || await peers.BringFromOwnerAsync(target, cancellationToken).ConfigureAwait(false)))
        {
            return;
        }

        // An answer of the origin that is open already was asked for because nobody knew the object.
        if (opened is null && !target.Fill.IsOriginsAlone)
        {
            // An owner asks the shared tier too: its chunk is there if the owner before died, or if it restarted itself.
            if ((_disk is not null && await _disk.BringAsync(target, cancellationToken).ConfigureAwait(false))
                || (!target.Fill.IsNearCopy && await BringFromSuperHotAsync(target, cancellationToken).ConfigureAwait(false))
                || await BringFromFormerOwnersAsync(target, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            target.Fill.IsOriginsAlone = true;
        }

        using var wait = waits.ForChunk(target.Chunk);
        await origin.BringAsync(target, opened, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> BringFromFormerOwnersAsync(FillTarget target, CancellationToken cancellationToken)
    {
        using var wait = waits.ForChunk(target.Chunk);
        return await peers.BringFromFormerOwnersAsync(target, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<bool> BringFromSuperHotAsync(FillTarget target, CancellationToken cancellationToken) =>
        _superHot is not null && await _superHot.BringAsync(target, cancellationToken).ConfigureAwait(false);
}
