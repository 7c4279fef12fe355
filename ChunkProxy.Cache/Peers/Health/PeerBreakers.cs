using System.Collections.Concurrent;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>Remembers which peers failed, so that the next requests do not wait for them again, and finds out when they are back.</summary>
/// <remarks>
/// One failure opens a peer's breaker. From then on a probe asks it; the first answer closes the breaker. So no client's request is ever the guinea pig.
/// Only what is stuck in a member may escape the probe, and cost the next reader as long a wait as the last: a member that is stuck again soon
/// after it came back is left alone for twice as long as the last time.
/// </remarks>
internal sealed class PeerBreakers(IOptions<PeerOptions> options, TimeProvider time, RecentEvents events, CacheMetrics metrics, ILogger<PeerBreakers> log) : IDisposable
{
    // Longer than anybody asks a member that has left.
    private static readonly TimeSpan DepartedFor = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SoonAfter = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, PeerReadOutcome> _open = new();
    private readonly ConcurrentDictionary<string, (TimeSpan Pause, long BackAt)> _stalls = new(); // by peer: the last time that it was stuck
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Tells of each peer that was avoided and answers again. Handlers are quick and do not throw.</summary>
    public event Action<string>? CameBack;

    public bool IsOpen(string peer) => _open.ContainsKey(peer);

    /// <summary>The peers that are avoided, and what they did.</summary>
    public IReadOnlyDictionary<string, PeerReadOutcome> Open => _open;

    /// <summary>Opens the peer's breaker until a ping gets through.</summary>
    /// <param name="peer">The peer's id.</param>
    /// <param name="why">What it did.</param>
    /// <param name="probe">Says whether the peer is well again.</param>
    /// <param name="isMember">Says whether it is a member still. One that has left and does not answer any more is no news.</param>
    /// <param name="label">How people see it; the id where it is not given.</param>
    public void Trip(string peer, PeerReadOutcome why, Func<CancellationToken, Task<bool>> probe, Func<bool> isMember, string? label = null)
    {
        label ??= peer;
        if (_open.TryAdd(peer, why))
        {
            metrics.BreakerTripped(why);
            if (isMember())
            {
                log.PeerFailed(label, why);
                events.Note(RecentEventKind.PeerFailed, label, why.ToString());
            }

            using (ExecutionContext.SuppressFlow())
            {
                _ = Task.Run(() => ProbeAsync(peer, why, probe, isMember, label)); // not a part of the trace that met the failure
            }
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task ProbeAsync(string peer, PeerReadOutcome why, Func<CancellationToken, Task<bool>> probe, Func<bool> isMember, string label)
    {
        try
        {
            var since = time.GetTimestamp();
            var pause = PauseAfter(peer, why);
            var isBack = false;
            while (!isBack && (isMember() || time.GetElapsedTime(since) < DepartedFor))
            {
                await Task.Delay(pause, time, _stop.Token).ConfigureAwait(false);
                isBack = await probe(_stop.Token).ConfigureAwait(false);
            }

            if (why is PeerReadOutcome.Stalled)
            {
                NoteStall(peer, pause);
            }

            _open.TryRemove(peer, out _);
            if (isBack)
            {
                log.PeerIsBack(label);
                events.Note(RecentEventKind.PeerIsBack, label);
                CameBack?.Invoke(peer);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // The process ends.
        }
    }

    // Members come and go under new names.
    private void NoteStall(string peer, TimeSpan pause)
    {
        foreach (var (name, stall) in _stalls)
        {
            if (time.GetElapsedTime(stall.BackAt) >= SoonAfter)
            {
                _stalls.TryRemove(KeyValuePair.Create(name, stall));
            }
        }

        _stalls[peer] = (pause, time.GetTimestamp());
    }

    private TimeSpan PauseAfter(string peer, PeerReadOutcome why)
    {
        var pause = options.Value.ProbeInterval;
        if (why is PeerReadOutcome.Stalled && _stalls.TryGetValue(peer, out var last) && time.GetElapsedTime(last.BackAt) < SoonAfter)
        {
            var longest = pause > LongestPause ? pause : LongestPause;
            pause = last.Pause * 2 < longest ? last.Pause * 2 : longest;
        }

        return pause;
    }
}
