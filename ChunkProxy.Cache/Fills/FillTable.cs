using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Fills;

/// <summary>The fills in progress in this process: at most one per chunk.</summary>
internal sealed class FillTable
{
    // How long a fill waits for the reader it was begun for.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ChunkKey, ChunkFill> _fills = new();
    private readonly FillContext _context;
    private readonly PurgeLedger _purges;
    private readonly PurgeFreshness _freshness;

    public FillTable(
        FillStorage storage,
        BackgroundRetrieval retrieval,
        PurgeLedger purges,
        PurgeFreshness freshness,
        CacheMetrics metrics,
        TimeProvider time,
        IOptions<CacheOptions> options)
    {
        _purges = purges;
        _freshness = freshness;
        _context = new FillContext(
            storage,
            retrieval,
            metrics,
            time,
            options.Value,
            purges.IsPurged,
            Remove: fill => _fills.TryRemove(KeyValuePair.Create(fill.Chunk.Key, fill)),
            TryBeginPassing);
    }

    public int Count => _fills.Count;

    public bool IsUnderWay(ChunkKey chunk) => _fills.ContainsKey(chunk);

    public IEnumerable<ChunkFill> UnderWay => _fills.Values;

    /// <summary>
    /// Joins the chunk's fill or begins one; completes when the slice's first byte is available. Returns
    /// null if memory has no room now or has the chunk by now, or if this reader may not join the fill or cannot use it.
    /// </summary>
    /// <exception cref="ChunkReadException">The bytes cannot be fetched.</exception>
    public async ValueTask<ChunkLease?> OpenAsync(Chunk chunk, Slice slice, FillPurpose purpose, CancellationToken cancellationToken)
    {
        await _freshness.EnsureAsync(cancellationToken).ConfigureAwait(false);
        if (purpose is not FillPurpose.NearCopy && !_fills.ContainsKey(chunk.Key))
        {
            await _context.Storage.WhenDiskIsReadyAsync(chunk, cancellationToken).ConfigureAwait(false);
        }

        while (true)
        {
            _purges.ThrowIfPurged(chunk.Version);
            var fill = FindOrBegin(chunk, slice, opened: null, purpose is FillPurpose.NearCopy, out _);
            if (fill.IsNearCopy && purpose is FillPurpose.ForPeer)
            {
                return null;
            }

            if (fill.TryJoin(slice, out var reader))
            {
                try
                {
                    await reader.WaitForFirstByteAsync(cancellationToken).ConfigureAwait(false);
                    return new ChunkLease(reader);
                }
                catch (ChunkReadException error) when (error.Error is (ProxyError.OriginRefused or ProxyError.OriginFailed) && !fill.Chunk.Version.Id.HasSameTargetAs(chunk.Version.Id))
                {
                    reader.Close();
                    return null; // the origin's answer may be for another viewer's token: this reader asks with its own
                }
                catch
                {
                    reader.Close();
                    throw;
                }
            }

            await fill.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (fill.Outcome is FillOutcome.AlreadyThere or FillOutcome.Completed or FillOutcome.NoRoom)
            {
                return null;
            }
        }
    }

    /// <summary>Completes when the chunk's fill that is in progress now, if any, has ended.</summary>
    public Task WhenEnded(ChunkKey chunk) => _fills.TryGetValue(chunk, out var fill) ? fill.Ended : Task.CompletedTask;

    /// <summary>
    /// Gives the chunk's fill a response of the origin, positioned at or before
    /// the first byte of the slice. A reader is about to join.
    /// </summary>
    public void Adopt(Chunk chunk, Slice slice, OriginBody opened)
    {
        FindOrBegin(chunk, slice, opened, isNearCopy: false, out var begun);
        if (!begun)
        {
            opened.Dispose(); // the fill in progress has its own
        }
    }

    /// <summary>Ends the fills of all versions that the condition selects, because of a purge that is in the ledger already.</summary>
    public void Condemn(Func<ObjectVersion, bool> isToGo)
    {
        foreach (var fill in _fills.Values.Where(fill => isToGo(fill.Chunk.Version)))
        {
            fill.Condemn();
        }
    }

    private ChunkFill FindOrBegin(Chunk chunk, Slice slice, OriginBody? opened, bool isNearCopy, out bool begun)
    {
        begun = false;
        if (_fills.TryGetValue(chunk.Key, out var found))
        {
            return found;
        }

        // A thread that finds the new fill in the table waits at its lock until it has begun.
        var fill = new ChunkFill(chunk, _context, isNearCopy);
        using (fill.EnterBeforeBegin())
        {
            found = _fills.GetOrAdd(chunk.Key, fill);
            if (found == fill)
            {
                begun = true;
                fill.Begin(slice, opened, Hold);
            }
        }

        return found;
    }

    /// <summary>
    /// Begins the fill of a chunk whose bytes arrive on the way to another one, from
    /// the first byte on. Returns null if it is not needed or there is no room.
    /// </summary>
    private PassingFill? TryBeginPassing(Chunk chunk)
    {
        var fill = new ChunkFill(chunk, _context, isNearCopy: false);
        using (fill.EnterBeforeBegin())
        {
            return _fills.TryAdd(chunk.Key, fill) && fill.BeginPassing() is { } run ? new PassingFill(fill, run) : null;
        }
    }
}
