using ChunkProxy.Cache.Concurrency;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>The processes that listen to this one for purges, and the sequence that each has received.</summary>
/// <remarks>
/// The purging process sends a purge to the members. Front ends that own nothing are in no membership and have no known address. They listen to a
/// member instead, and the member waits for them. A listener that has not asked for <see cref="PurgeOptions.Lapse"/> is no longer current
/// (<see cref="PurgeFreshness"/>), and the member stops waiting for it.
/// </remarks>
internal sealed class PurgeListeners(IOptions<PurgeOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Most processes that may listen to one member. Bounded, because a purge waits for each of them.</summary>
    public const int Most = 1000;

    private const int LongestName = 256;

    private readonly TimeSpan _lapse = options.Value.Lapse;
    private readonly CancellationTokenSource _closed = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Sequence, long Erased, long At)> _heard = []; // under _gate
    private readonly AsyncSignal _changed = new();

    /// <summary>Cancelled when this process stops, so that no request waits for news.</summary>
    public CancellationToken Closed => _closed.Token;

    public void Close() => _closed.Cancel();

    /// <summary>Records that a listener asks, and thereby has received this process's purges up to the sequence.</summary>
    /// <param name="name">Name of the process.</param>
    /// <param name="sequence">The sequence; the listener serves nothing that was purged before.</param>
    /// <param name="erased">The sequence up to which it has also deleted the files.</param>
    /// <returns>False if too many processes listen already; this one is then not waited for.</returns>
    public bool TryNote(string name, long sequence, long erased)
    {
        lock (_gate)
        {
            if (name.Length > LongestName || (!_heard.ContainsKey(name) && !HasRoom()))
            {
                return false;
            }

            _heard[name] = (sequence, erased, time.GetTimestamp());
            _changed.Raise();
            return true;
        }
    }

    /// <summary>
    /// Completes when every listener has received the sequence and deleted the files. Those that lapse meanwhile are waited for no longer, and those that have not
    /// deleted all files after <see cref="PurgeOptions.Lapse"/>. Returns both.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <param name="except">A listener that is not waited for.</param>
    public async Task<IReadOnlyList<string>> WhenAcknowledgedAsync(long sequence, CancellationToken cancellationToken, string? except = null)
    {
        var lapsed = new HashSet<string>();
        var started = time.GetTimestamp();
        while (true)
        {
            Task changed;
            var wait = TimeSpan.Zero;
            lock (_gate)
            {
                changed = _changed.Next;
                var rest = _lapse - time.GetElapsedTime(started);
                foreach (var (name, (heard, erased, at)) in _heard.Where(listener => listener.Key != except).ToList())
                {
                    var left = _lapse - time.GetElapsedTime(at);
                    if (left <= TimeSpan.Zero)
                    {
                        _heard.Remove(name);
                    }
                    else if (erased < sequence)
                    {
                        lapsed.Add(name); // unless it confirms later, below
                        left = heard < sequence || left < rest ? left : rest; // one that has not heard may serve what was purged until it lapses
                        wait = wait > left ? wait : left;
                    }
                    else
                    {
                        lapsed.Remove(name);
                    }
                }
            }

            if (wait <= TimeSpan.Zero)
            {
                return [.. lapsed];
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
            await Task.WhenAny(changed, Task.Delay(wait, time, either.Token)).ConfigureAwait(false);
            either.Token.ThrowIfCancellationRequested();
            await either.CancelAsync().ConfigureAwait(false);
        }
    }

    // Called under _gate.
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
