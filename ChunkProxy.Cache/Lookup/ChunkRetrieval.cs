using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Lookup;

/// <summary>[5] Fetches the runs of a fill from the sources in <see cref="ReadOrder"/>.</summary>
internal sealed class ChunkRetrieval : IChunkRetrieval
{
    private readonly IFillSource?[] _sources = new IFillSource?[Enum.GetValues<ChunkSource>().Length];

    public ChunkRetrieval(OwnerSource owner, FormerOwnersSource formerOwners, OriginSource origin, DiskTier? disk = null, SuperHotTier? superHot = null)
    {
        IFillSource?[] all = [owner, formerOwners, origin, disk is null ? null : new DiskSource(disk), superHot is null ? null : new SuperHotSource(superHot)];
        foreach (var source in all.OfType<IFillSource>())
        {
            _sources[(int)source.Kind] = source;
        }
    }

    public async Task RetrieveAsync(FillTarget target, OriginBody? opened, CancellationToken cancellationToken)
    {
        var fill = target.Fill;
        foreach (var kind in fill.IsNearCopy ? ReadOrder.FillOfNearCopy : ReadOrder.FillOfOwn)
        {
            if (kind is ChunkSource.Origin)
            {
                fill.OnlyOriginHasRest |= opened is null; // all other sources have been asked
            }
            else if (fill.OnlyOriginHasRest || opened is not null) // the origin's response is open because no member knew the object
            {
                continue;
            }

            if (_sources[(int)kind] is { } source && await source.TryFillAsync(target, opened, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
    }
}
