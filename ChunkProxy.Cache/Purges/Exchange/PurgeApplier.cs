using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Applies the ledger's purges in this process: persists them, erases the objects from every tier, and reports them.</summary>
/// <remarks>Applies one batch at a time. To wait for a purge, wait for the ledger's sequence with <see cref="WhenDoneAsync"/>.</remarks>
internal sealed class PurgeApplier : IDisposable
{
    // Number of purges whose results are kept, for the processes that ask for them.
    private const int ResultsKept = 1000;

    private readonly PurgeLedger _ledger;
    private readonly PurgeFile _file;
    private readonly ObjectEraser _eraser;
    private readonly RecentEvents _events;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash128, (long Stamp, PurgeResult PurgeResult)> _results = []; // under _gate
    private readonly AsyncSignal _progress = new();
    private long _done; // under _gate; the ledger's sequence up to which purges were applied

    public PurgeApplier(PurgeLedger ledger, PurgeFile file, ObjectEraser eraser, RecentEvents events, CacheMetrics metrics, ILogger<PurgeApplier> log)
    {
        _ledger = ledger;
        _file = file;
        _eraser = eraser;
        _events = events;
        _metrics = metrics;
        _log = log;
        _done = ledger.RestoredUpTo;
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(WorkAsync); // runs for the life of the process, and belongs to no trace
        }
    }

    /// <summary>Completes when all purges up to a sequence of the ledger were applied.</summary>
    public async Task WhenDoneAsync(long sequence, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task progress;
            lock (_gate)
            {
                if (_done >= sequence)
                {
                    return;
                }

                progress = _progress.Next;
            }

            await progress.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Returns what an applied purge removed here.</summary>
    public PurgeResult ResultOf(Purge purge)
    {
        lock (_gate)
        {
            return _results.TryGetValue(purge.Object, out var result) && result.Stamp == purge.Stamp ? result.PurgeResult : default;
        }
    }

    /// <summary>Erases everything, because this process was away for longer than purges are remembered.</summary>
    public Task EraseAllAsync()
    {
        _log.TooManyPurgesMissed();
        return _eraser.EraseAllAsync();
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                await _ledger.WhenAfter(_done).WaitAsync(_stop.Token).ConfigureAwait(false);
                var (purges, sequence) = _ledger.After(_done);
                try
                {
                    await ApplyAsync(purges).ConfigureAwait(false);
                }
                catch (Exception error)
                {
                    // A bug. Look-ups no longer find the purged content, but its deletion may be incomplete.
                    _log.PurgeFailedUnexpectedly(error);
                }

                lock (_gate)
                {
                    _done = sequence;
                    _progress.Raise();
                }
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
    }

    private async Task ApplyAsync(IReadOnlyList<Purge> purges)
    {
        _file.Append(purges, _ledger);
        var found = await _eraser.EraseAsync(new PurgeSelection(purges)).ConfigureAwait(false);
        _metrics.Purged(purges.Count);
        foreach (var purge in purges)
        {
            var erased = found.GetValueOrDefault(purge.Object);
            Keep(purge, erased);
            if (purge.Shown is { } path)
            {
                _log.Purged(path, erased.Chunks, erased.Bytes);
                _events.Note(RecentEventKind.Purged, path);
            }
        }
    }

    private void Keep(Purge purge, PurgeResult erased)
    {
        lock (_gate)
        {
            if (_results.Count >= ResultsKept)
            {
                _results.Clear();
            }

            _results[purge.Object] = (purge.Stamp, erased);
        }
    }
}
