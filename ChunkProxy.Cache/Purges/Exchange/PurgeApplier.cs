using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Applies the ledger's purges in this process: persists them, erases the objects from every tier, and reports them.</summary>
/// <remarks>
/// In two steps, each for one batch at a time. After the first, a purge is <em>safe</em>: nothing of the object is served any more. Requests and the freshness of
/// this process wait for no more than that. After the second it is <em>done</em>: the files are deleted too, which takes as long as the disk takes; the answer to
/// the purge waits for that. Deletions that wait for the same disk are made together.
/// <para>
/// The file of purges is written before a purge is safe, and always before anything on disk is deleted: a process that is killed in between refuses the files after
/// its start. A disk that hangs is not waited for. A process that is killed during that time learns of the purge as one that was away does,
/// and has not confirmed it.
/// </para>
/// </remarks>
internal sealed class PurgeApplier : IDisposable
{
    // Number of purges whose results are kept, for the processes that ask for them.
    private const int ResultsKept = 1000;

    // Fraction of the remembered purges that may wait for the disk; further ones are safe only when it has deleted some. Files of a purge that the ledger has
    // forgotten would be served again.
    private const int WaitingPart = 2;

    private readonly PurgeLedger _ledger;
    private readonly PurgeFile _file;
    private readonly ObjectEraser _eraser;
    private readonly PurgeTimes _times;
    private readonly RecentEvents _events;
    private readonly CacheMetrics _metrics;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<Hash128, (long Stamp, PurgeResult PurgeResult)> _results = []; // under _gate
    private readonly AsyncSignal _progress = new();
    private Erasure _waiting = Erasure.Nothing(); // under _gate; safe, and not being deleted yet
    private int _notDeleted; // under _gate; purges that are safe and not done
    private Task _saving = Task.CompletedTask; // under _gate; writes the purges so far to the file, in order
    private long _safe; // under _gate; the ledger's sequence up to which purges are safe
    private long _done; // under _gate; the one up to which they are done

    public PurgeApplier(
        PurgeLedger ledger, PurgeFile file, ObjectEraser eraser, PurgeTimes times, RecentEvents events, CacheMetrics metrics, ILogger<PurgeApplier> log)
    {
        _ledger = ledger;
        _file = file;
        _eraser = eraser;
        _times = times;
        _events = events;
        _metrics = metrics;
        _log = log;
        _safe = _done = ledger.RestoredUpTo;
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => RepeatAsync(EraseNextAsync)); // both run for the life of the process, and belong to no trace
            _ = Task.Run(() => RepeatAsync(DeleteNextAsync));
        }
    }

    /// <summary>The sequence of the ledger up to which purges are done.</summary>
    public long Done
    {
        get
        {
            lock (_gate)
            {
                return _done;
            }
        }
    }

    /// <summary>Completes when nothing is served any more that purges up to a sequence of the ledger cover. Does not wait for the disk.</summary>
    public Task WhenSafeAsync(long sequence, CancellationToken cancellationToken) => WhenAsync(() => _safe >= sequence, cancellationToken);

    /// <summary>Completes when all purges up to a sequence of the ledger were applied, on disk and in Redis too.</summary>
    public Task WhenDoneAsync(long sequence, CancellationToken cancellationToken) => WhenAsync(() => _done >= sequence, cancellationToken);

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

    // isSo: called under _gate.
    private async Task WhenAsync(Func<bool> isSo, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task progress;
            lock (_gate)
            {
                if (isSo())
                {
                    return;
                }

                progress = _progress.Next;
            }

            await progress.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> step)
    {
        try
        {
            var stop = _stop.Token;
            while (true)
            {
                await step(stop).ConfigureAwait(false);
            }
        }
        catch (Exception end) when (end is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
    }

    private async Task EraseNextAsync(CancellationToken stop)
    {
        await _ledger.WhenAfter(_safe).WaitAsync(stop).ConfigureAwait(false);
        await WhenAsync(() => _notDeleted <= _ledger.Remembered / WaitingPart, stop).ConfigureAwait(false);
        var (purges, sequence) = _ledger.After(_safe);
        var erased = Erasure.Nothing();
        try
        {
            var saved = SaveAsync(purges);
            erased = await _eraser.EraseAsync(purges).ConfigureAwait(false);
            await saved.WaitAsync(_times.DiskPatience, _times.Clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (Exception error)
        {
            // A bug. Look-ups no longer find the purged content, but its deletion may be incomplete.
            _log.PurgeFailedUnexpectedly(error);
        }

        lock (_gate)
        {
            _waiting.Add(erased);
            _notDeleted += erased.Purges.Count;
            _safe = sequence;
            _progress.Raise();
        }
    }

    private async Task DeleteNextAsync(CancellationToken stop)
    {
        await WhenAsync(() => _safe > _done, stop).ConfigureAwait(false);
        Erasure erased;
        Task saved;
        long sequence;
        lock (_gate)
        {
            (erased, _waiting) = (_waiting, Erasure.Nothing());
            (saved, sequence) = (_saving, _safe);
        }

        try
        {
            await saved.ConfigureAwait(false);
            Note(erased.Purges, await _eraser.DeleteAsync(erased).ConfigureAwait(false));
        }
        catch (Exception error)
        {
            _log.PurgeFailedUnexpectedly(error); // as above
        }

        lock (_gate)
        {
            _notDeleted -= erased.Purges.Count;
            _done = sequence;
            _progress.Raise();
        }
    }

    private Task SaveAsync(IReadOnlyList<Purge> purges)
    {
        lock (_gate)
        {
            var before = _saving;
            return _saving = Task.Run(async () =>
            {
                await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                _file.Append(purges, _ledger);
            });
        }
    }

    private void Note(IReadOnlyList<Purge> purges, IReadOnlyDictionary<Hash128, PurgeResult> found)
    {
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
