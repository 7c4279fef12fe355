using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Lookup;

/// <summary>The order in which a fill looks for its bytes: this process's disk, then the origin.</summary>
internal sealed class ChunkRetrieval(OriginSource origin, DiskTier? disk = null) : IChunkRetrieval
{
    private readonly DiskSource? _disk = disk is null ? null : new DiskSource(disk);

    public async Task BringAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        if (opened is null && _disk is not null && !target.Fill.NotOnDisk)
        {
            if (await _disk.BringAsync(target, cancellationToken).ConfigureAwait(false))
            {
                return;
            }

            target.Fill.NotOnDisk = true;
        }

        await origin.BringAsync(target, opened, cancellationToken).ConfigureAwait(false);
    }
}
