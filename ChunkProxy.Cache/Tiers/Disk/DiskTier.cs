using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Chunks on disk: they survive a restart and kill -9, and a byte that was not verified is never handed out.</summary>
/// <remarks>
/// No member throws because of the disk, and none waits for it on the caller's thread. Chunks are opened by their names, so the tier answers
/// at once when it starts; a scan finds out meanwhile what else is there, and writes wait for it, since only then the budget is known to hold.
/// </remarks>
public sealed class DiskTier : IAsyncDisposable
{
    /// <summary>Bytes under one checksum in files that are written now, and so the unit of reads.</summary>
    /// <remarks>A range that begins and ends anywhere takes a block more than its own length.</remarks>
    public const int BlockSize = 16 * 1024;

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

    /// <exception cref="DirectoryInUseException">Another process has its disk tier in the directory.</exception>
    public DiskTier(DiskTierOptions options, TimeProvider time, ILogger<DiskTier> logger)
        : this(options, time, logger, new DiskFiles())
    {
    }

    internal DiskTier(DiskTierOptions options, TimeProvider time, ILogger<DiskTier> logger, IDiskFiles files)
    {
        _time = time;
        var tree = new DiskTree(options.Directory);
        _index = new DiskIndex(options.Budget, static budget => new S3FifoPolicy<ChunkKey>(budget));
        _reading = new DiskBreaker("read", tree.Directory, options, time, logger);
        _writing = new DiskBreaker("write", tree.Directory, options, time, logger);
        var room = new DiskRoom(tree, _index, files, _counters);
        var scan = new DiskScan(tree, _index, room, files, _counters, time, logger);
        _store = new DiskStore(tree, _index, room, scan, files, _writing, _counters, logger);
        TakeDirectory();
        _readers = new DiskThreads("disk cache reader", options.ReadThreads, options.ReadQueueLimit);
        _writer = new DiskThreads("disk cache writer", 1);
        var reader = new DiskReader(_store, files, _readers, _reading, _counters);
        _lookup = new DiskLookup(tree, _index, _store, reader, files, _readers, _reading, _counters);
        _writes = new DiskWriteQueue(_index, _store, _writer, _writing, _counters, options.WriteQueueLimit);
        _writer.TryPost(_store.TryPrepare);
    }

    public DiskTierState State
    {
        get
        {
            var outage = _writing.Current ?? _reading.Current;
            return new DiskTierState
            {
                BudgetBytes = _index.Budget,
                UsedBytes = _index.UsedBytes,
                Files = _index.Count,
                Hits = Interlocked.Read(ref _counters.Hits),
                Misses = Interlocked.Read(ref _counters.Misses),
                Reads = Interlocked.Read(ref _counters.Reads),
                ReadBytes = Interlocked.Read(ref _counters.ReadBytes),
                Writes = Interlocked.Read(ref _counters.Writes),
                DroppedWrites = Interlocked.Read(ref _counters.DroppedWrites),
                Evictions = Interlocked.Read(ref _counters.Evictions),
                Damaged = Interlocked.Read(ref _counters.Damaged),
                IsScanFinished = _store.IsReady,
                DegradedReason = outage?.Reason,
                DegradedSince = outage?.Since,
            };
        }
    }

    /// <summary>Takes note of a read of a chunk that memory has not got.</summary>
    /// <returns>True: it is here, and to be read from here. False: look further; if it is here, it has been read so often that it is to move to memory.</returns>
    public bool ReadsPastMemory(Chunk chunk, int bytes) => _index.ReadsPastMemory(chunk.Key, bytes, chunk.Length, _time.GetTimestamp());

    /// <summary>Finds a chunk and verifies its file's header. Null is a miss.</summary>
    public ValueTask<DiskChunk?> OpenAsync(Chunk chunk, CancellationToken cancellationToken) => _lookup.OpenAsync(chunk, cancellationToken);

    /// <summary>Whether the chunk is known to be on disk. Looks into the index only, and counts as no look-up; before the scan has ended it may say no.</summary>
    public bool Contains(ChunkKey key) => _index.Contains(key);

    /// <inheritdoc cref="DiskWriteQueue.Store"/>
    public void Store(Chunk chunk, ChunkBuffer complete) => _writes.Store(chunk, complete);

    /// <summary>Forgets a chunk: look-ups miss it at once, its file goes away soon.</summary>
    public void Remove(Chunk chunk) => Remove(chunk.Key);

    /// <summary>Forgets the chunks of a version soon. Nobody asks for a version that is no longer current, so there is no hurry.</summary>
    public void RemoveVersion(ObjectVersion version) => _writer.TryPost(() => _store.DeleteVersion(version));

    /// <inheritdoc cref="DiskWriteQueue.StoreVersion"/>
    public void StoreVersion(ObjectVersion version) => _writes.StoreVersion(version);

    /// <summary>Returns what was known of an object when it was last stored, cut into chunks of the given size. Null: nothing.</summary>
    public ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken) =>
        _lookup.FindVersionAsync(id, chunkSize, cancellationToken);

    public void RemoveVersionRecord(ObjectId id) => Remove(DiskTree.RecordKey(id));

    /// <summary>
    /// Deletes all that is stored of the objects that the condition names, after everything that was asked for before; returns which chunks are gone, with the
    /// bytes that their files took. A disk that fails keeps them.
    /// </summary>
    internal async Task<IReadOnlyList<(UInt128 Object, ChunkKey Key, long Bytes)>> RemoveObjectsAsync(Func<StoredObject, bool> isToGo)
    {
        try
        {
            return await _writer.RunAsync(() => _store.DeleteObjects(isToGo), CancellationToken.None).ConfigureAwait(false);
        }
        catch (TaskSchedulerException)
        {
            return []; // the tier has been disposed of
        }
    }

    /// <summary>Writes what is queued and lets go of the directory.</summary>
    public async ValueTask DisposeAsync()
    {
        _store.Stop();
        await _writer.DisposeAsync();
        await _readers.DisposeAsync();
        _lookup.CloseKept();
        _store.Dispose();
    }

    /// <summary>Completes when everything that was asked for before has been written or deleted.</summary>
    internal Task WhenIdleAsync() => _writer.RunAsync(() => true, CancellationToken.None);

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

    private void Remove(ChunkKey key)
    {
        _index.Find(key)?.Condemn();
        _writer.TryPost(() => _store.Delete(key));
    }
}
