using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Sites;
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
internal sealed class ObjectEraser(FillTable fills, ObjectDirectory objects, MemoryTier memory, SiteTable sites, DiskTier? disk = null, SuperHotTier? superHot = null)
{
    private Task _groupsOnDisk = Task.CompletedTask;

    /// <summary>Completes when the files of all purges of several objects so far have been deleted.</summary>
    public Task WhenGroupsAreGone => Volatile.Read(ref _groupsOnDisk);

    /// <param name="purged">The purges.</param>
    /// <returns>What was removed, by the keys of the purges. Excludes the files of purges of several objects, which are deleted in the background.</returns>
    public async Task<IReadOnlyDictionary<UInt128, PurgeResult>> EraseAsync(PurgeSelection purged)
    {
        var gone = await EraseAsync(purged.Contains, stored => purged.Contains(stored.Id, stored.Generation), purged.Objects).ConfigureAwait(false);
        if (disk is not null && purged.HasGroups)
        {
            var before = _groupsOnDisk;
            Volatile.Write(ref _groupsOnDisk, Task.Run(async () =>
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await disk.RemoveNamedAsync((name, generation) => sites.TextIn(name) is { } text && purged.GroupsContain(text, generation)).ConfigureAwait(false);
            }));
        }

        return gone
            .SelectMany(it => it.Id is { } id ? purged.PurgesOf(id).Select(purge => (Purge: purge, it.Key, it.Bytes)) : [(it.Object, it.Key, it.Bytes)])
            .GroupBy(it => it.Purge)
            .ToDictionary(of => of.Key, of => new PurgeResult(of.Select(it => it.Key).Distinct().Count(), of.Sum(it => it.Bytes)));
    }

    /// <summary>Removes all content of all objects.</summary>
    public Task EraseAllAsync() => EraseAsync((_, _) => true, _ => true, []);

    private async Task<List<(UInt128 Object, ObjectId? Id, ChunkKey Key, long Bytes)>> EraseAsync(
        Func<ObjectId, long, bool> isOutdated, Func<StoredObject, bool> isStoredOutdated, IReadOnlyCollection<UInt128> ids)
    {
        var versions = new HashSet<UInt128>();
        fills.Condemn(IsToGo);
        objects.Forget((id, version) => version is null ? isOutdated(id, 0) : IsToGo(version));
        var gone = memory.RemoveVersions(IsToGo).Select(it => (it.Version.Id.Hash, (ObjectId?)it.Version.Id, it.Key, it.Bytes)).ToList();
        if (disk is not null)
        {
            gone.AddRange((await disk.RemoveObjectsAsync(isStoredOutdated).ConfigureAwait(false)).Select(it => (it.Object, (ObjectId?)null, it.Key, it.Bytes)));
        }

        if (superHot is not null)
        {
            versions.UnionWith(gone.Select(it => it.Key.Version));
            await superHot.RemoveAsync(ids, versions).ConfigureAwait(false);
        }

        return gone;

        bool IsToGo(ObjectVersion version)
        {
            if (!isOutdated(version.Id, version.Generation))
            {
                return false;
            }

            versions.Add(version.Hash);
            return true;
        }
    }
}
