using System.Collections.Concurrent;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>Remembers which peers failed, so that further requests do not wait for them, and detects their recovery.</summary>
/// <remarks>
/// One failure opens a peer's circuit breaker. A probe then asks the peer periodically, and its first success closes the breaker, so no client's
/// request serves as a probe. A peer that fails again soon after its recovery is avoided for twice as long as the last time: each failure costs a
/// reader the wait in which it is noticed, and a peer that comes and goes would cost many.
/// </remarks>
internal sealed class PeerBreakers(IOptions<PeerOptions> options, TimeProvider time, RecentEvents events, CacheMetrics metrics, ILogger<PeerBreakers> log) : IDisposable
{
    // Longer than any process asks a departed member.
    private static readonly TimeSpan DepartedFor = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SoonAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, PeerReadOutcome> _open = new();
    private readonly ConcurrentDictionary<string, Relapse> _relapses = new(); // by peer: its last failures
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Raised with the id of each peer that recovered. Handlers must be quick and must not throw.</summary>
    public event Action<string>? CameBack;

    public bool IsOpen(string peer) => _open.ContainsKey(peer);

    /// <summary>The peers that are avoided, and how each failed.</summary>
    public IReadOnlyDictionary<string, PeerReadOutcome> Open => _open;

    /// <summary>Opens the peer's breaker until a probe succeeds.</summary>
    /// <param name="peer">The peer's id.</param>
    /// <param name="why">How the peer failed.</param>
    /// <param name="probe">Returns whether the peer has recovered.</param>
    /// <param name="isMember">Returns whether the peer is still a member. The failure of a departed member is not reported.</param>
    /// <param name="label">The peer's display text; by default its id.</param>
    public void Trip(string peer, PeerReadOutcome why, Func<CancellationToken, Task<bool>> probe, Func<bool> isMember, string? label = null)
    {
        label ??= peer;
        if (!_open.TryAdd(peer, why))
        {
            return;
        }

        metrics.BreakerTripped(why);
        if (isMember())
        {
            log.PeerFailed(label, why);
            events.Note(RecentEventKind.PeerFailed, label, why.ToString());
        }

        var since = time.GetTimestamp();
        var failures = FailuresInARow(peer);
        var interval = options.Value.ProbeInterval;
        var pause = new Backoff(interval, interval > LongestPause ? interval : LongestPause).Pause(failures);
        new ProbeBreaker(time).Trip(
            probe, new Backoff(pause, pause), () => isMember() || time.GetElapsedTime(since) < DepartedFor, isBack => Close(peer, failures, isBack, label), _stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Close(string peer, int failures, bool isBack, string label)
    {
        NoteFailures(peer, failures);
        _open.TryRemove(peer, out _);
        if (isBack)
        {
            log.PeerAvailable(label);
            events.Note(RecentEventKind.PeerIsBack, label);
            CameBack?.Invoke(peer);
        }
    }

    // Removes old entries: members come and go under new ids.
    private void NoteFailures(string peer, int inARow)
    {
        foreach (var (name, last) in _relapses)
        {
            if (time.GetElapsedTime(last.BackAt) >= SoonAfter)
            {
                _relapses.TryRemove(KeyValuePair.Create(name, last));
            }
        }

        _relapses[peer] = new Relapse(inARow, time.GetTimestamp());
    }

    private int FailuresInARow(string peer) =>
        _relapses.TryGetValue(peer, out var last) && time.GetElapsedTime(last.BackAt) < SoonAfter ? last.InARow + 1 : 1;

    private sealed record Relapse(int InARow, long BackAt);
}
