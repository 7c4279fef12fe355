using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>One directory of the disk tier, with its own lock, scan, threads, budget and breakers.</summary>
/// <remarks>
/// No member throws because of the disk, and none waits for it on the caller's thread. Chunks are opened by name, so the directory serves reads as
/// soon as it starts. A scan indexes it meanwhile. Writes wait for the scan, because only then is the budget known to hold.
/// </remarks>
internal sealed class DiskVolume : IAsyncDisposable
{
    // Versions whose files are searched in one piece of work for the writing thread, between other writes.
    private const int VersionsAtOnce = 64;

    // Records may hold this fraction of what chunks may hold, in addition to it.
    private const int RecordShare = 16;

    private readonly TimeProvider _time;
    private readonly DiskCounters _counters = new();
    private readonly DiskBreaker _reading;
    private readonly DiskBreaker _writing;
    private readonly DiskIndex _index;
    private readonly DiskStore _store;
    private readonly DiskLookup _lookup;
    private readonly DiskThreads _readers;
    private readonly DiskThreads _writer;
    private readonly DiskWriteQueue _writes;
    private readonly DiskRecordQueue _records;

    /// <exception cref="DirectoryInUseException">The disk tier of another process uses the directory.</exception>
    public DiskVolume(DiskTierOptions options, TimeProvider time, ILogger logger, IDiskFiles files, DirectoryMount? mount = null)
    {
        _time = time;
        var tree = new DiskTree(options.Directory);
        Directory = tree.Directory;
        _index = new DiskIndex(options.Budget);
        _reading = new DiskBreaker("read", tree.Directory, options, time, logger);
        _writing = new DiskBreaker("write", tree.Directory, options, time, logger);
        var room = new DiskRoom(tree, _index, files, _counters);
        var scan = new DiskScan(tree, _index, room, files, _counters, time, logger);
        _store = new DiskStore(tree, _index, room, scan, files, _writing, _counters, logger) { Mount = mount };
        TakeDirectory();
        _readers = new DiskThreads("disk cache reader", options.ReadThreads, options.ReadQueueLimit);
        _writer = new DiskThreads("disk cache writer", 1);
        var reader = new DiskReader(_store, files, _readers, _reading, _counters);
        _lookup = new DiskLookup(tree, _index, _store, reader, files, _readers, _reading, _counters)
        {
            Kept = new KeptFiles(options.KeptFiles),
            OpenFiles = new OpenHandles(options.OpenFiles, options.ReadQueueLimit),
        };
        _writes = new DiskWriteQueue(_index, _store, _writer, _writing, _counters, time, options.WriteQueueLimit);
        _records = new DiskRecordQueue(_store, _writer, _writing, _counters, options.WriteQueueLimit / RecordShare);
        _writer.TryPost(_store.TryPrepare);
    }

    /// <summary>Full path of the directory.</summary>
    public string Directory { get; }

    /// <summary>Whether the directory was locked once, so that no other process uses it. False while it has been unusable since the start.</summary>
    public bool IsTaken => _store.IsTaken;

    /// <summary>Whether reads are not paused after a fault.</summary>
    public bool MayRead => _reading.MayTry;

    /// <summary>Whether neither reads nor writes are paused after a fault.</summary>
    public bool MayWrite => _writing.MayTry && _reading.MayTry;

    /// <summary>Whether a new chunk would not wait for the disk.</summary>
    public bool HasRoom => _writes.HasRoom;

    /// <inheritdoc cref="DiskWriteQueue.Elsewhere"/>
    public Func<PendingWrite, bool>? Elsewhere
    {
        get => _writes.Elsewhere;
        set => _writes.Elsewhere = value;
    }

    public DiskTierState State
    {
        get
        {
            var outage = _writing.Current ?? _reading.Current;
            return new DiskTierState
            {
                BudgetBytes = _index.Space.Budget,
                UsedBytes = _index.Space.UsedBytes,
                Files = _index.Count,
                Hits = Interlocked.Read(ref _counters.Hits),
                Misses = Interlocked.Read(ref _counters.Misses),
                Reads = Interlocked.Read(ref _counters.Reads),
                ReadBytes = Interlocked.Read(ref _counters.ReadBytes),
                Writes = Interlocked.Read(ref _counters.Writes),
                DroppedWrites = Interlocked.Read(ref _counters.DroppedWrites),
                WaitingBytes = _writes.WaitingBytes,
                Evictions = Interlocked.Read(ref _counters.Evictions),
                Damaged = Interlocked.Read(ref _counters.Damaged),
                IsScanFinished = _store.IsReady,
                DegradedReason = outage?.Reason,
                DegradedSince = outage?.Since,
                Directories =
                [
                    new DiskDirectoryState(Directory, _index.Space.Budget, _index.Space.UsedBytes, _index.Count, _store.IsReady, outage?.Reason, outage?.Since),
                ],
            };
        }
    }

    /// <summary>Accounts for a read that memory did not serve.</summary>
    /// <returns>True: read the chunk from disk. False: it is not on disk, or was read often enough to be promoted to memory.</returns>
    public bool ReadsPastMemory(Chunk chunk, int bytes) => _index.ReadsPastMemory(chunk.Key, bytes, chunk.Length, _time.GetTimestamp());

    /// <summary>Finds a chunk and verifies the header of its file. Returns null on a miss.</summary>
    public ValueTask<DiskChunk?> OpenAsync(Chunk chunk, CancellationToken cancellationToken) => _lookup.OpenAsync(chunk, cancellationToken);

    /// <summary>Whether the index contains the chunk. Not counted as a look-up. May miss stored chunks until the scan has ended.</summary>
    public bool Contains(ChunkKey key) => _index.Contains(key);

    /// <summary>Numbers of the version's chunks in the index, in no order.</summary>
    public IReadOnlyList<long> NumbersOf(ObjectVersion version) => _index.NumbersOf(version.Hash);

    /// <inheritdoc cref="DiskWriteQueue.Store"/>
    public void Store(Chunk chunk, ChunkBuffer complete) => _writes.Store(chunk, complete);

    /// <inheritdoc cref="DiskWriteQueue.Adopt"/>
    public void Adopt(PendingWrite pending) => _writes.Adopt(pending);

    /// <summary>Counts a use of a file, so that it is evicted later.</summary>
    public void Touch(ChunkKey key) => _index.Touch(key);

    /// <inheritdoc cref="DiskWriteQueue.WhenRoomAsync"/>
    public ValueTask WhenRoomAsync(CancellationToken cancellationToken) => _writes.WhenRoomAsync(cancellationToken);

    /// <inheritdoc cref="DiskWriteQueue.GiveBack(long)"/>
    public long GiveBack(long bytes) => _writes.GiveBack(bytes);

    /// <summary>Removes a chunk. Look-ups miss it at once; its file is deleted soon after.</summary>
    public void Remove(Chunk chunk) => Remove(chunk.Key);

    /// <summary>Deletes the chunks of a version later. There is no hurry: a version that is no longer current is not requested.</summary>
    public void RemoveVersion(ObjectVersion version) => _writer.TryPost(() => _store.DeleteVersion(version));

    /// <inheritdoc cref="DiskRecordQueue.Store"/>
    public void StoreVersion(ObjectVersion version) => _records.Store(version);

    /// <summary>Returns the stored version of an object with the given chunk size, or null.</summary>
    public ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken) =>
        _lookup.FindVersionAsync(id, chunkSize, cancellationToken);

    public void RemoveVersionRecord(ObjectId id) => Remove(DiskTree.RecordKey(id));

    /// <summary>
    /// Deletes all files of the objects that match, after all work queued before, in small batches between which other writes proceed. Returns the
    /// deleted chunks with their size on disk in bytes. On a disk fault the files remain.
    /// </summary>
    /// <param name="isToGo">Selects the objects.</param>
    public async Task<IReadOnlyList<(Hash128 Object, ChunkKey Key, long Bytes)>> RemoveObjectsAsync(Func<StoredObject, bool> isToGo)
    {
        var gone = new List<(Hash128 Object, ChunkKey Key, long Bytes)>();
        await InBatchesAsync((first, end) =>
        {
            gone.AddRange(_store.DeleteObjects(first, end, isToGo));
            return true;
        }).ConfigureAwait(false);
        return gone;
    }

    /// <summary>Deletes the chunks of all versions that match, in small batches between which other writes proceed.</summary>
    /// <param name="isToGo">Selects the versions.</param>
    public Task RemoveNamedAsync(Func<StoredName, bool> isToGo) => InBatchesAsync((first, end) => _store.DeleteNamed(first, end, isToGo));

    /// <summary>Completes queued writes and releases the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        _store.Stop();
        _writes.End();
        await _writer.DisposeAsync();
        await _readers.DisposeAsync();
        _lookup.CloseKept();
        _store.Dispose();
    }

    /// <summary>Completes when all previously queued writes and deletions are done.</summary>
    public Task WhenIdleAsync() => _writer.RunAsync(() => true, CancellationToken.None);

    private void TakeDirectory()
    {
        try
        {
            _store.TakeDirectory();
        }
        catch (Exception e) when (DiskFault.IsOne(e) && e is not DirectoryInUseException)
        {
            _writing.Failed(e);
        }
    }

    // For all versions that are on disk now. Those that follow are of content that was fetched later.
    private async Task InBatchesAsync(Func<int, int, bool> work)
    {
        try
        {
            var end = await _writer.RunAsync(_store.BeginDeletion, CancellationToken.None).ConfigureAwait(false);
            for (var next = 0; next < end; next += VersionsAtOnce)
            {
                var first = next;
                await _writer.RunAsync(() => work(first, Math.Min(first + VersionsAtOnce, end)), CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (TaskSchedulerException)
        {
            // the tier was disposed; the purge is in the ledger, so the rest of the files is never served
        }
    }

    private void Remove(ChunkKey key)
    {
        _index.Condemn(key);
        _writer.TryPost(() => _store.Delete(key));
    }
}
