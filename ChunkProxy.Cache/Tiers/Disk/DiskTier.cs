using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Chunks on disk, in one or more directories. They survive a restart and kill -9; only verified bytes are served.</summary>
/// <remarks>
/// No member throws because of the disk, and none waits for it on the caller's thread.
/// <para>
/// With several directories, a chunk is written to the first directory of its order (<see cref="DiskPlacement"/>) that is in use and whose queue has
/// room, and is found in whichever has it: equal keys mean equal bytes. A directory that fails is bypassed, and its chunks count as misses until it
/// works again. Removals go to every directory, because any of them may have the file.
/// </para>
/// </remarks>
public sealed class DiskTier : IAsyncDisposable
{
    /// <summary>Bytes per checksum in newly written files, and the unit of reads.</summary>
    /// <remarks>An unaligned range costs up to one block more than its own length.</remarks>
    public const int BlockSize = 16 * 1024;

    private readonly DiskVolumes _volumes;
    private readonly DiskVolume? _only; // if there is one directory
    private long _misses; // with several directories: of all of them together

    /// <exception cref="DirectoryInUseException">The disk tier of another process uses a directory.</exception>
    public DiskTier(DiskTierOptions options, TimeProvider time, ILogger<DiskTier> logger)
        : this([options], time, logger, new DiskFiles())
    {
    }

    /// <param name="directories">One for each directory.</param>
    /// <param name="time">Ends the pauses after faults.</param>
    /// <param name="logger">Receives faults.</param>
    /// <exception cref="DirectoryInUseException">The disk tier of another process uses a directory.</exception>
    public DiskTier(IReadOnlyList<DiskTierOptions> directories, TimeProvider time, ILogger<DiskTier> logger)
        : this(directories, time, logger, new DiskFiles())
    {
    }

    internal DiskTier(
        IReadOnlyList<DiskTierOptions> directories, TimeProvider time, ILogger<DiskTier> logger, IDiskFiles files, Func<string, DirectoryMount>? mountOf = null)
    {
        _volumes = DiskVolumes.Open(directories, time, logger, files, mountOf ?? (static directory => new DirectoryMount(directory)));
        _only = _volumes.All is [var only] ? only : null;
    }

    public DiskTierState State => _only?.State ?? DiskTierState.Sum([.. _volumes.All.Select(volume => volume.State)], Interlocked.Read(ref _misses));

    /// <summary>Accounts for a read that memory did not serve.</summary>
    /// <returns>True: read the chunk from disk. False: it is not on disk, or was read often enough to be promoted to memory.</returns>
    public bool ReadsPastMemory(Chunk chunk, int bytes) => _volumes.With(chunk.Key)?.ReadsPastMemory(chunk, bytes) ?? false;

    /// <summary>Whether the version that a reader wants was purged. Asked before each file is opened.</summary>
    /// <remarks>
    /// Purged files are deleted in the background. Nothing finds the name of a purged version any more, but a response in progress has it, and so has a
    /// peer that does not know of the purge yet.
    /// </remarks>
    internal Func<ObjectVersion, bool>? IsRequestedVersionPurged { get; init; }

    /// <summary>Whether content with the tags in a file and this generation was purged by tag. Asked for each file that was opened.</summary>
    /// <remarks>
    /// A purged version has a new name only while the object keeps its tags, and purged files are deleted in the background. So a file that is not
    /// deleted yet could have the name of the current version.
    /// </remarks>
    internal Func<ObjectTags, long, bool>? IsOpenedFilePurged { get; init; }

    /// <summary>Finds a chunk and verifies the header of its file. Returns null on a miss.</summary>
    public ValueTask<DiskChunk?> OpenAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        if (IsRequestedVersionPurged?.Invoke(chunk.Version) is true)
        {
            return default;
        }

        var opening = _only?.OpenAsync(chunk, cancellationToken) ?? OpenInAnyAsync(chunk, cancellationToken);
        return opening.IsCompletedSuccessfully ? new(Unpurged(opening.Result)) : WaitAsync(opening);

        async ValueTask<DiskChunk?> WaitAsync(ValueTask<DiskChunk?> underWay) => Unpurged(await underWay.ConfigureAwait(false));
    }

    /// <summary>
    /// Whether the index of a directory whose reads are not paused contains the chunk. Not counted as a look-up. May miss stored chunks until the scan has ended.
    /// </summary>
    public bool Contains(ChunkKey key) => _volumes.With(key) is { MayRead: true } volume && volume.Contains(key);

    /// <summary>Numbers of the version's chunks in the index, in no order.</summary>
    internal IReadOnlyList<long> NumbersOf(ObjectVersion version) =>
        _only?.NumbersOf(version) ?? [.. _volumes.All.Where(DiskVolumes.MayRead).SelectMany(volume => volume.NumbersOf(version)).Distinct()];

    /// <inheritdoc cref="DiskWriteQueue.Store"/>
    public void Store(Chunk chunk, ChunkBuffer complete)
    {
        if (_only is not null)
        {
            _only.Store(chunk, complete);
        }
        else if (!Contains(chunk.Key))
        {
            _volumes.ToWrite(chunk.Key).Store(chunk, complete);
        }
    }

    /// <inheritdoc cref="DiskWriteQueue.WhenRoomAsync"/>
    internal ValueTask WhenRoomAsync(CancellationToken cancellationToken)
    {
        if (_only is not null)
        {
            return _only.WhenRoomAsync(cancellationToken);
        }

        DiskVolume? full = null;
        foreach (var volume in _volumes.All)
        {
            if (volume is { MayWrite: true, HasRoom: true })
            {
                return default; // a full queue sends its chunks to the others
            }

            full = volume.MayWrite ? volume : full;
        }

        return full?.WhenRoomAsync(cancellationToken) ?? default;
    }

    /// <summary>Gives back references to chunks whose write has not begun, because memory has no other room. They remain candidates.</summary>
    /// <returns>False if there are none.</returns>
    internal bool TryGiveBack(long bytes)
    {
        var given = 0L;
        for (var i = 0; i < _volumes.All.Length && given < bytes; i++)
        {
            given += _volumes.All[i].GiveBack(bytes - given);
        }

        return given > 0;
    }

    /// <summary>Removes a chunk. Look-ups miss it at once; its file is deleted soon after.</summary>
    public void Remove(Chunk chunk) => Array.ForEach(_volumes.All, volume => volume.Remove(chunk));

    /// <summary>Deletes the chunks of a version later. There is no hurry: a version that is no longer current is not requested.</summary>
    public void RemoveVersion(ObjectVersion version) => Array.ForEach(_volumes.All, volume => volume.RemoveVersion(version));

    /// <inheritdoc cref="DiskRecordQueue.Store"/>
    public void StoreVersion(ObjectVersion version)
    {
        var record = DiskTree.RecordKey(version.Id);
        var home = _only ?? _volumes.ToWrite(record);
        home.StoreVersion(version);
        foreach (var other in _volumes.All)
        {
            if (other != home && other.Contains(record))
            {
                other.RemoveVersionRecord(version.Id); // written while the home was away
            }
        }
    }

    /// <summary>Returns the stored version of an object with the given chunk size, or null. Several directories may have one: the latest counts.</summary>
    public ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken) =>
        _only?.FindVersionAsync(id, chunkSize, cancellationToken) ?? FindLatestVersionAsync(id, chunkSize, cancellationToken);

    public void RemoveVersionRecord(ObjectId id) => Array.ForEach(_volumes.All, volume => volume.RemoveVersionRecord(id));

    /// <summary>
    /// Deletes all files of the objects that match, after all work queued before, in small batches between which other writes proceed. Returns the
    /// deleted chunks with their size on disk in bytes. On a disk fault the files remain.
    /// </summary>
    internal async Task<IReadOnlyList<(Hash128 Object, ChunkKey Key, long Bytes)>> RemoveObjectsAsync(Func<StoredObject, bool> isToGo)
    {
        var gone = await Task.WhenAll(_volumes.All.Select(volume => volume.RemoveObjectsAsync(isToGo))).ConfigureAwait(false);
        return gone is [var only] ? only : [.. gone.SelectMany(files => files)];
    }

    /// <inheritdoc cref="DiskVolume.RemoveNamedAsync"/>
    internal Task RemoveNamedAsync(Func<StoredName, bool> isToGo) => Task.WhenAll(_volumes.All.Select(volume => volume.RemoveNamedAsync(isToGo)));

    /// <summary>Completes queued writes and releases the directories.</summary>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_volumes.All.Select(volume => volume.DisposeAsync().AsTask())).ConfigureAwait(false);

    /// <summary>Completes when all previously queued writes and deletions are done.</summary>
    internal Task WhenIdleAsync() => Task.WhenAll(_volumes.All.Select(volume => volume.WhenIdleAsync()));

    private async ValueTask<DiskChunk?> OpenInAnyAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var opened = _volumes.With(chunk.Key) is { } volume
            ? await volume.OpenAsync(chunk, cancellationToken).ConfigureAwait(false)
            : await OpenUnindexedAsync(chunk, cancellationToken).ConfigureAwait(false);
        if (opened is null)
        {
            Interlocked.Increment(ref _misses);
            return null;
        }

        var record = DiskTree.RecordKey(chunk.Version.Id);
        Array.ForEach(_volumes.All, it => it.Touch(record)); // the record must not be evicted before its chunks
        return opened;
    }

    // Until the index of a directory is complete, a chunk may be there all the same. A directory whose scan has ended meanwhile looks into its index.
    private async ValueTask<DiskChunk?> OpenUnindexedAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        DiskChunk? opened = null;
        foreach (var volume in _volumes.RankFor(chunk.Key))
        {
            opened ??= DiskVolumes.MayRead(volume) ? await volume.OpenAsync(chunk, cancellationToken).ConfigureAwait(false) : null;
        }

        return opened;
    }

    private DiskChunk? Unpurged(DiskChunk? opened)
    {
        if (opened is null || opened.File.Tags.IsNone || IsOpenedFilePurged?.Invoke(opened.File.Tags, opened.Chunk.Version.Generation) != true)
        {
            return opened;
        }

        opened.Dispose();
        Remove(opened.Chunk);
        return null;
    }

    // A directory that was away may have the record of an earlier version.
    private async ValueTask<ObjectVersion?> FindLatestVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken)
    {
        ObjectVersion? latest = null;
        foreach (var volume in _volumes.All.Where(DiskVolumes.MayRead))
        {
            var found = await volume.FindVersionAsync(id, chunkSize, cancellationToken).ConfigureAwait(false);
            if (found is not null && (latest is null || AgeOf(found).CompareTo(AgeOf(latest)) > 0))
            {
                latest = found;
            }
        }

        return latest;

        static (long, DateTimeOffset, DateTimeOffset) AgeOf(ObjectVersion version) =>
            (version.Generation, version.Headers.GeneratedAt, version.Headers.FreshUntil);
    }
}
