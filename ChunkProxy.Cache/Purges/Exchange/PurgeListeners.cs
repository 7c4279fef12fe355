using ChunkProxy.Cache.Concurrency;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>The processes that listen to this one for purges, and how far each has heard.</summary>
/// <remarks>
/// Members are told of a purge by whoever purges. Front ends that own nothing are in no membership: only they know where they are, so they
/// listen, and the member that they listen to waits for them. One that has not asked for <see cref="PurgeOptions.Lapse"/> does not count on what it
/// has heard any more (<see cref="PurgeFreshness"/>), and is not waited for.
/// </remarks>
internal sealed class PurgeListeners(IOptions<PurgeOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Processes that may listen to one member. A purge waits for each, so their number is bounded.</summary>
    public const int Most = 1000;

    private const int LongestName = 256;

    private readonly TimeSpan _lapse = options.Value.Lapse;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Sequence, long At)> _heard = []; // under _gate
    private readonly AsyncSignal _changed = new();

    /// <summary>This process ends: nobody is kept waiting for news.</summary>
    public CancellationToken Closed => _closed.Token;

    public void Close() => _closed.Cancel();

    /// <summary>A process asks: it has heard everything up to that point of this process's ledger.</summary>
    /// <returns>False: too many listen already, and this one is not waited for.</returns>
    public bool TryNote(string name, long sequence)
    {
        lock (_gate)
        {
            if (name.Length > LongestName || (!_heard.ContainsKey(name) && !HasRoom()))
            {
                return false;
            }

            _heard[name] = (sequence, time.GetTimestamp());
            _changed.Raise();
            return true;
        }
    }

    /// <summary>Completes when all that listen have heard up to that point or lapsed; returns those that lapsed meanwhile.</summary>
    public async Task<IReadOnlyList<string>> WhenHeardAsync(long sequence, CancellationToken cancellationToken)
    {
        var lapsed = new HashSet<string>();
        while (true)
        {
            Task changed;
            var wait = TimeSpan.Zero;
            lock (_gate)
            {
                changed = _changed.Next;
                foreach (var (name, (heard, at)) in _heard.ToList())
                {
                    var left = _lapse - time.GetElapsedTime(at);
                    if (left <= TimeSpan.Zero)
                    {
                        _heard.Remove(name);
                    }
                    else if (heard < sequence)
                    {
                        lapsed.Add(name); // unless it says better, below
                        wait = wait > left ? wait : left;
                    }
                    else
                    {
                        lapsed.Remove(name);
                    }
                }
            }

            if (wait == TimeSpan.Zero)
            {
                return [.. lapsed];
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
            await Task.WhenAny(changed, Task.Delay(wait, time, either.Token)).ConfigureAwait(false);
            either.Token.ThrowIfCancellationRequested();
            await either.CancelAsync().ConfigureAwait(false);
        }
    }

    // Under the lock.
    private bool HasRoom()
    {
        if (_heard.Count >= Most)
        {
            foreach (var name in _heard.Where(it => time.GetElapsedTime(it.Value.At) >= _lapse).Select(it => it.Key).ToList())
            {
                _heard.Remove(name);
            }
        }

        return _heard.Count < Most;
    }

    public void Dispose() => _closed.Dispose();
}
