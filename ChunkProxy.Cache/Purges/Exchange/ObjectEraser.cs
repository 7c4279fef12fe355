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
/// deletes the bytes. The order matters: the directory first, because it knows the latest tags; fills before memory, so that nothing enters memory after
/// memory has been searched; memory before the disk, whose deletions wait for earlier queued writes.
/// </remarks>
internal sealed class ObjectEraser(
    FillTable fills,
    ObjectDirectory objects,
    MemoryTier memory,
    SiteTable sites,
    IEnumerable<IDerivedContent> derived,
    DiskTier? disk = null,
    SuperHotTier? superHot = null)
{
    private readonly Lock _gate = new();
    private GroupPurges _waiting = GroupPurges.None; // under _gate; purges of several objects whose files are searched after those of earlier ones
    private bool _isDeleting; // under _gate
    private Task _groupsOnDisk = Task.CompletedTask;

    /// <summary>Completes when the files of all purges of several objects so far have been deleted.</summary>
    public Task WhenGroupsAreGone => Volatile.Read(ref _groupsOnDisk);

    /// <param name="purged">The purges.</param>
    /// <returns>What was removed, by the keys of the purges. Excludes the files of purges of several objects, which are deleted in the background.</returns>
    public async Task<IReadOnlyDictionary<Hash128, PurgeResult>> EraseAsync(PurgeSelection purged)
    {
        var gone = await EraseAsync(
            purged.Contains, purged.Objects.Count == 0 ? null : stored => purged.Contains(stored.Id, stored.Generation), purged.Objects).ConfigureAwait(false);
        if (disk is not null && purged.Groups.Count > 0)
        {
            DeleteFiles(disk, purged.Groups);
        }

        return gone
            .SelectMany(it => it.Version is { } version ? purged.PurgesOf(version).Select(purge => (Purge: purge, it.Key, it.Bytes)) : [(it.Object, it.Key, it.Bytes)])
            .GroupBy(it => it.Purge)
            .ToDictionary(of => of.Key, of => new PurgeResult(of.Select(it => it.Key).Distinct().Count(), of.Sum(it => it.Bytes)));
    }

    /// <summary>Removes all content of all objects.</summary>
    public Task EraseAllAsync() => EraseAsync((_, _, _) => true, _ => true, []);

    // One search of the files at a time, for all purges that wait for it: purges may come faster than files are searched.
    private void DeleteFiles(DiskTier files, GroupPurges purges)
    {
        lock (_gate)
        {
            _waiting = _waiting.With(purges.All, int.MaxValue, out _);
            if (!_isDeleting)
            {
                _isDeleting = true;
                Volatile.Write(ref _groupsOnDisk, Task.Run(() => DeleteWaitingAsync(files)));
            }
        }
    }

    private async Task DeleteWaitingAsync(DiskTier files)
    {
        while (true)
        {
            GroupPurges purges;
            lock (_gate)
            {
                (purges, _waiting) = (_waiting, GroupPurges.None);
                if (purges.Count == 0)
                {
                    _isDeleting = false;
                    return;
                }
            }

            await files.RemoveNamedAsync(
                stored => stored.Generation < Math.Max(purges.StampOf(stored.Tags), sites.TextIn(stored.Name) is { } text ? purges.StampOf(text) : 0))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // the files that are left are never served
        }
    }

    private async Task<List<(Hash128 Object, ObjectVersion? Version, ChunkKey Key, long Bytes)>> EraseAsync(
        Func<ObjectId, ObjectTags, long, bool> isOutdated, Func<StoredObject, bool>? isStoredOutdated, IReadOnlyCollection<Hash128> ids)
    {
        var versions = new HashSet<Hash128>();
        objects.Forget((id, known) => known.Version is { } version ? IsToGo(version) : isOutdated(id, known.Tags, 0));
        fills.Condemn(IsToGo);
        var gone = memory.RemoveVersions(IsToGo).Select(it => (it.Version.Id.Hash, (ObjectVersion?)it.Version, it.Key, it.Bytes)).ToList();
        foreach (var content in derived)
        {
            content.Clear();
        }

        if (disk is not null && isStoredOutdated is not null)
        {
            gone.AddRange((await disk.RemoveObjectsAsync(isStoredOutdated).ConfigureAwait(false)).Select(it => (it.Object, (ObjectVersion?)null, it.Key, it.Bytes)));
        }

        if (superHot is not null)
        {
            versions.UnionWith(gone.Select(it => it.Key.Version));
            await superHot.RemoveAsync(ids, versions).ConfigureAwait(false);
        }

        return gone;

        bool IsToGo(ObjectVersion version)
        {
            if (!isOutdated(version.Id, version.Headers.Tags, version.Generation) && !versions.Contains(version.Hash))
            {
                return false;
            }

            versions.Add(version.Hash);
            return true;
        }
    }
}
