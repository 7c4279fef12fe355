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

    /// <summary>Removes purged content from everywhere that serves it without asking the ledger. Afterwards none of it is served.</summary>
    /// <param name="purged">The purges.</param>
    /// <returns>What <see cref="DeleteAsync"/> has still to delete.</returns>
    /// <remarks>
    /// Files of purged versions are refused when they are opened (<see cref="DiskTier.IsRequestedVersionPurged"/>, <see cref="DiskTier.IsOpenedFilePurged"/>), and so are their
    /// records and those in Redis (<see cref="ObjectSearch"/>), and fills, which alone read chunks from Redis (<see cref="FillTable"/>). The exception are
    /// chunks in Redis of an object that loses a purged tag: they may have the name of its next version, so this method deletes them. It waits once for a
    /// Redis that does not answer, which is then bypassed.
    /// </remarks>
    public async Task<Erasure> EraseAsync(IReadOnlyList<Purge> purged)
    {
        var selection = new PurgeSelection(purged);
        var versions = new HashSet<Hash128>();
        var chunks = EraseFromMemory(selection.Contains, versions)
            .SelectMany(it => selection.PurgesOf(it.Version).Select(purge => (purge, it.Key, it.Bytes)))
            .ToList();
        if (selection.Groups.NewestOfTags > 0 && superHot is not null)
        {
            await superHot.RemoveAsync([], versions).ConfigureAwait(false);
            versions.Clear();
        }

        return new Erasure(purged, versions, chunks);
    }

    /// <summary>Deletes the files of single objects, and what Redis has.</summary>
    /// <returns>What was removed, by the keys of the purges. Excludes the files of purges of several objects, which are deleted in the background.</returns>
    public async Task<IReadOnlyDictionary<Hash128, PurgeResult>> DeleteAsync(Erasure erased)
    {
        var selection = new PurgeSelection(erased.Purges);
        var files = disk is null || selection.Objects.Count == 0
            ? []
            : await disk.RemoveObjectsAsync(stored => selection.Contains(stored.Id, stored.Generation)).ConfigureAwait(false);
        if (disk is not null && selection.Groups.Count > 0)
        {
            DeleteFiles(disk, selection.Groups);
        }

        if (superHot is not null)
        {
            await superHot.RemoveAsync(selection.Objects, files.Select(it => it.Key.Version).Concat(erased.Versions).ToHashSet()).ConfigureAwait(false);
        }

        return erased.Chunks.Concat(files.Select(it => (Purge: it.Object, it.Key, it.Bytes)))
            .GroupBy(it => it.Purge)
            .ToDictionary(of => of.Key, of => new PurgeResult(of.Select(it => it.Key).Distinct().Count(), of.Sum(it => it.Bytes)));
    }

    /// <summary>Removes all content of all objects from all tiers.</summary>
    public async Task EraseAllAsync()
    {
        var versions = new HashSet<Hash128>();
        EraseFromMemory((_, _, _) => true, versions);
        if (disk is not null)
        {
            versions.UnionWith((await disk.RemoveObjectsAsync(_ => true).ConfigureAwait(false)).Select(it => it.Key.Version));
        }

        if (superHot is not null)
        {
            await superHot.RemoveAsync([], versions).ConfigureAwait(false);
        }
    }

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

    // Adds the versions that it finds. Returns the chunks that were in memory.
    private List<(ObjectVersion Version, ChunkKey Key, long Bytes)> EraseFromMemory(Func<ObjectId, ObjectTags, long, bool> isOutdated, HashSet<Hash128> versions)
    {
        objects.Forget((id, known) => known.Version is { } version ? IsToGo(version) : isOutdated(id, known.Tags, 0));
        fills.Condemn(IsToGo);
        var gone = memory.RemoveVersions(IsToGo).Select(it => (it.Version, it.Key, it.Bytes)).ToList();
        foreach (var content in derived)
        {
            content.Clear();
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
