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
/// request serves as a probe. A probe may miss only a peer that is stuck inside, and the next reader then waits as long as the last one did. A peer
/// that stalls again soon after its recovery is therefore avoided for twice as long as the last time.
/// </remarks>
internal sealed class PeerBreakers(IOptions<PeerOptions> options, TimeProvider time, RecentEvents events, CacheMetrics metrics, ILogger<PeerBreakers> log) : IDisposable
{
    // Longer than any process asks a departed member.
    private static readonly TimeSpan DepartedFor = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SoonAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, PeerReadOutcome> _open = new();
    private readonly ConcurrentDictionary<string, (int InARow, long BackAt)> _stalls = new(); // by peer: its last stalls
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
        var stalls = StallsInARow(peer, why);
        var interval = options.Value.ProbeInterval;
        var pause = new Backoff(interval, interval > LongestPause ? interval : LongestPause).Pause(stalls);
        new ProbeBreaker(time).Trip(
            probe, new Backoff(pause, pause), () => isMember() || time.GetElapsedTime(since) < DepartedFor, isBack => Close(peer, stalls, isBack, label), _stop.Token);
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private void Close(string peer, int stalls, bool isBack, string label)
    {
        if (stalls > 0)
        {
            NoteStall(peer, stalls);
        }

        _open.TryRemove(peer, out _);
        if (isBack)
        {
            log.PeerAvailable(label);
            events.Note(RecentEventKind.PeerIsBack, label);
            CameBack?.Invoke(peer);
        }
    }

    // Removes old entries: members come and go under new ids.
    private void NoteStall(string peer, int inARow)
    {
        foreach (var (name, stall) in _stalls)
        {
            if (time.GetElapsedTime(stall.BackAt) >= SoonAfter)
            {
                _stalls.TryRemove(KeyValuePair.Create(name, stall));
            }
        }

        _stalls[peer] = (inARow, time.GetTimestamp());
    }

    // Returns 0 for a peer that failed in another way.
    private int StallsInARow(string peer, PeerReadOutcome why) =>
        why is not PeerReadOutcome.Stalled ? 0
        : _stalls.TryGetValue(peer, out var last) && time.GetElapsedTime(last.BackAt) < SoonAfter ? last.InARow + 1
        : 1;
}
