using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Does in this process what the ledger hears of: keeps it on disk, erases the objects from every tier, and says so.</summary>
/// <remarks>One batch at a time. Whoever wants to know that a purge is done waits for the ledger's sequence to have been worked off.</remarks>
internal sealed class PurgeApplier : IDisposable
{
    // Results of so many purges, for those who ask what theirs found.
    private const int ResultsKept = 1000;

    private readonly PurgeLedger _ledger;
    private readonly PurgeFile _file;
    private readonly ObjectEraser _eraser;
    private readonly RecentEvents _events;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, (long Stamp, PurgeResult PurgeResult)> _results = []; // under _gate
    private readonly AsyncSignal _progress = new();
    private long _done; // under _gate; a sequence of the ledger

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
            _ = Task.Run(WorkAsync); // for the process's life, and a part of nobody's trace
        }
    }

    /// <summary>Completes when all that the ledger had heard up to that point is done.</summary>
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

    /// <summary>What a purge that is done found here.</summary>
    public PurgeResult ResultOf(Purge purge)
    {
        lock (_gate)
        {
            return _results.TryGetValue(purge.Object, out var result) && result.Stamp == purge.Stamp ? result.PurgeResult : default;
        }
    }

    /// <summary>Forgets everything, for this process has been away for longer than purges are remembered.</summary>
    public Task EraseAllAsync()
    {
        _log.AwayTooLong();
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
                    await DoAsync(purges).ConfigureAwait(false);
                }
                catch (Exception error)
                {
                    // A bug. What is purged is not found any more all the same; it is the deletion that may be missing.
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

    private async Task DoAsync(IReadOnlyList<Purge> purges)
    {
        _file.Append(purges, _ledger);
        var found = await _eraser.EraseAsync(purges.ToDictionary(purge => purge.Object, purge => purge.Stamp)).ConfigureAwait(false);
        _metrics.Purged(purges.Count);
        foreach (var purge in purges)
        {
            var erased = found.GetValueOrDefault(purge.Object);
            Keep(purge, erased);
            if (purge.Path is { } pathAndQuery)
            {
                var path = ShownPath.Of(pathAndQuery);
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
