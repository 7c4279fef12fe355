using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using ChunkProxy.Cache.Tiers.SuperHot;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Removes purged content from every tier of this process. The purges must already be in the ledger.</summary>
/// <remarks>
/// Look-ups of current versions cannot find purged content, because its name contains another generation. This class frees the space and truly
/// deletes the bytes. The order matters: fills first, so that nothing enters memory after memory has been searched; memory before the disk, whose
/// deletions wait for earlier queued writes.
/// </remarks>
internal sealed class ObjectEraser(FillTable fills, ObjectDirectory objects, MemoryTier memory, DiskTier? disk = null, SuperHotTier? superHot = null)
{
    /// <param name="stamps">The stamps of the purges, by the hashes of the objects' ids.</param>
    /// <returns>What was removed, by the same hashes.</returns>
    public Task<IReadOnlyDictionary<UInt128, PurgeResult>> EraseAsync(IReadOnlyDictionary<UInt128, long> stamps) =>
        EraseAsync((id, generation) => stamps.TryGetValue(id, out var stamp) && generation < stamp, [.. stamps.Keys]);

    /// <summary>Removes all content of all objects.</summary>
    public Task EraseAllAsync() => EraseAsync((_, _) => true, []);

    private async Task<IReadOnlyDictionary<UInt128, PurgeResult>> EraseAsync(Func<UInt128, long, bool> isOutdated, IReadOnlyCollection<UInt128> ids)
    {
        var versions = new HashSet<UInt128>();
        fills.Condemn(IsToGo);
        objects.Forget((id, version) => version is null ? isOutdated(id.Hash, 0) : IsToGo(version));
        var gone = memory.RemoveVersions(IsToGo).Select(it => (Object: it.Version.Id.Hash, it.Key, it.Bytes)).ToList();
        if (disk is not null)
        {
            gone.AddRange(await disk.RemoveObjectsAsync(stored => isOutdated(stored.Id, stored.Generation)).ConfigureAwait(false));
        }

        if (superHot is not null)
        {
            versions.UnionWith(gone.Select(it => it.Key.Version));
            await superHot.RemoveAsync(ids, versions).ConfigureAwait(false);
        }

        return gone
            .GroupBy(it => it.Object)
            .ToDictionary(of => of.Key, of => new PurgeResult(of.Select(it => it.Key).Distinct().Count(), of.Sum(it => it.Bytes)));

        bool IsToGo(ObjectVersion version)
        {
            if (!isOutdated(version.Id.Hash, version.Generation))
            {
                return false;
            }

            versions.Add(version.Hash);
            return true;
        }
    }
}
