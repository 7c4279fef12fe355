using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Fills;

/// <summary>The fills under way in this process: at most one for a chunk.</summary>
internal sealed class FillTable
{
    // A fill that was begun for a reader who is about to join waits this long before it takes it that he will not.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<ChunkKey, ChunkFill> _fills = new();
    private readonly FillContext _context;
    private readonly PurgeLedger _purges;
    private readonly PurgeFreshness _currency;

    public FillTable(
        FillStorage storage,
        BackgroundRetrieval retrieval,
        PurgeLedger purges,
        PurgeFreshness currency,
        CacheMetrics metrics,
        TimeProvider time,
        IOptions<CacheOptions> options)
    {
        _purges = purges;
        _currency = currency;
        _context = new FillContext(
            storage,
            retrieval,
            metrics,
            time,
            options.Value.FinishLimit,
            Remove: fill => _fills.TryRemove(KeyValuePair.Create(fill.Chunk.Key, fill)),
            TryBeginPassing);
    }

    public int Count => _fills.Count;

    public bool IsUnderWay(ChunkKey chunk) => _fills.ContainsKey(chunk);

    public IEnumerable<ChunkFill> UnderWay => _fills.Values;

    /// <summary>Joins the chunk's fill or begins one; completes when the slice's first byte is there. Null when memory has no room at this moment, or has the chunk by now, or when this reader may not join the fill under way.</summary>
    /// <exception cref="ChunkReadException">The bytes are not to be had.</exception>
    public async ValueTask<ChunkLease?> OpenAsync(Chunk chunk, Slice slice, FillPurpose purpose, CancellationToken cancellationToken)
    {
        await _currency.EnsureAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            _purges.ThrowIfPurged(chunk.Version);
            var fill = FindOrBegin(chunk, slice.Offset, opened: null, purpose is FillPurpose.NearCopy, out _);
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

    /// <summary>Completes when no fill of the chunk is under way of those that are at this moment.</summary>
    public Task WhenEnded(ChunkKey chunk) => _fills.TryGetValue(chunk, out var fill) ? fill.Ended : Task.CompletedTask;

    /// <summary>Gives an answer of the origin, which stands at or before the chunk's byte <paramref name="offset"/>, to the chunk's fill; a reader is about to join it.</summary>
    public void Adopt(Chunk chunk, int offset, OriginBody opened)
    {
        FindOrBegin(chunk, offset, opened, isNearCopy: false, out var begun);
        if (!begun)
        {
            opened.Dispose(); // the fill under way has its own
        }
    }

    /// <summary>Ends the fills of all versions that the condition names, because of a purge that the ledger has heard of.</summary>
    public void Condemn(Func<ObjectVersion, bool> isToGo)
    {
        foreach (var fill in _fills.Values.Where(fill => isToGo(fill.Chunk.Version)))
        {
            fill.Condemn();
        }
    }

    private ChunkFill FindOrBegin(Chunk chunk, int offset, OriginBody? opened, bool isNearCopy, out bool begun)
    {
        begun = false;
        if (_fills.TryGetValue(chunk.Key, out var found))
        {
            return found;
        }

        // Whoever finds the new fill in the table waits at its lock until it has begun.
        var fill = new ChunkFill(chunk, _context, isNearCopy);
        using (fill.EnterBeforeBegin())
        {
            found = _fills.GetOrAdd(chunk.Key, fill);
            if (found == fill)
            {
                begun = true;
                fill.Begin(offset, opened, Hold);
            }
        }

        CondemnIfPurged(found);
        return found;
    }

    // Against a purge at the same moment: the ledger hears of it, then the table is looked through. A fill comes into the table, then the ledger is
    // asked. Whichever is first, one of the two sees the other.
    private void CondemnIfPurged(ChunkFill fill)
    {
        if (_purges.IsPurged(fill.Chunk.Version))
        {
            fill.Condemn();
        }
    }

    /// <summary>Begins a fill whose bytes are passing by from the chunk's first one on. Null where it is not needed or there is no room.</summary>
    private PassingFill? TryBeginPassing(Chunk chunk)
    {
        var fill = new ChunkFill(chunk, _context, isNearCopy: false);
        PassingFill? passing;
        using (fill.EnterBeforeBegin())
        {
            passing = _fills.TryAdd(chunk.Key, fill) && fill.BeginPassing() is { } run ? new PassingFill(fill, run) : null;
        }

        CondemnIfPurged(fill);
        return passing;
    }
}
