using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>
/// Watches the reads of one response. When a read stays pending, it probes the peer, and gives the response up if the peer does not answer, or if the
/// peer delivers too little while it waits for no other process.
/// </summary>
/// <remarks>
/// <para>
/// One timer, created when a read is pending for the first time. Setting it for each read would cost more than the read itself. When the timer fires,
/// it checks when the pending read began and sleeps for the remaining time; with no read pending it stays unset until the next one.
/// </para>
/// <para>
/// Only time with a pending read counts: a slow reader is not the peer's fault.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA2213", Justification = "A token source without a timer holds no resource, and a running check may still use it.")]
internal sealed class ProgressWatch(
    PeerOptions options, TimeProvider time, Func<CancellationToken, Task<ProbeResult>> probe, Func<double> leastRate) : IDisposable
{
    private const long NoRead = -1;

    private readonly CancellationTokenSource _abandoned = new();
    private ITimer? _timer;
    private int _isSet; // 1: a check is scheduled or running

    // Written by the reader; timestamps of the time provider.
    private long _pendingSince = NoRead;
    private long _waited; // total time of completed reads
    private long _received; // total bytes, with those that no read waited for

    // Written by checks, which run one after another: the start of the period in which the peer must deliver enough, and the time of its last excuse.
    private long _waitedBefore;
    private long _receivedBefore;
    private long _excusedAt = long.MinValue;

    /// <summary>Cancelled when the response is given up.</summary>
    public CancellationToken Abandoned => _abandoned.Token;

    /// <summary>
    /// Why the response was given up: <see cref="PeerReadOutcome.Silent"/> or <see cref="PeerReadOutcome.Stalled"/>; null if it was not, or if the
    /// reader cancelled.
    /// </summary>
    public PeerReadOutcome? Verdict { get; private set; }

    /// <summary>The bytes that arrived.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>How long completed reads waited.</summary>
    public TimeSpan Waiting => time.GetElapsedTime(0, Volatile.Read(ref _waited));

    public void Abandon() => _abandoned.Cancel();

    /// <summary>Records bytes that no read waited for.</summary>
    public void Arrived(int count) => Volatile.Write(ref _received, _received + count);

    /// <summary>Records that a read is pending.</summary>
    public void Begin()
    {
        // A full fence: either this method sees that no check is scheduled, or the check that cleared the flag sees this read.
        Interlocked.Exchange(ref _pendingSince, time.GetTimestamp());
        if (Volatile.Read(ref _isSet) == 0)
        {
            Set(options.Silence);
        }
    }

    /// <summary>Records that the read completed.</summary>
    public void End(int count)
    {
        var since = Interlocked.Exchange(ref _pendingSince, NoRead); // first: a check in between then sees too little waiting rather than too much
        Arrived(count);
        Volatile.Write(ref _waited, _waited + (time.GetTimestamp() - since));
    }

    public void Dispose() => _timer?.Dispose();

    private void Set(TimeSpan due)
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _timer ??= time.CreateTimer(static watch => _ = ((ProgressWatch)watch!).CheckAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void ScheduleCheck(TimeSpan due) => _timer!.Change(due, Timeout.InfiniteTimeSpan);

    private async Task CheckAsync()
    {
        var since = Volatile.Read(ref _pendingSince);
        if (since == NoRead)
        {
            Interlocked.Exchange(ref _isSet, 0);
            if (Volatile.Read(ref _pendingSince) != NoRead)
            {
                Set(options.Silence); // the read began just before
            }

            return;
        }

        var left = options.Silence - time.GetElapsedTime(since);
        if (left > TimeSpan.Zero && !IsTooSlow(since))
        {
            ScheduleCheck(left);
            return;
        }

        var result = await ProbeAsync().ConfigureAwait(false);
        var pending = Volatile.Read(ref _pendingSince); // it may have completed and another begun meanwhile
        if (result is ProbeResult.WaitsForOthers)
        {
            BeginPeriod(pending);
            _excusedAt = time.GetTimestamp();
        }
        else if (result is ProbeResult.NoAnswer && pending == since)
        {
            Abandon(PeerReadOutcome.Silent);
            return;
        }
        else if (result is ProbeResult.Alive && (IsStalled(pending) || IsTooSlow(pending)))
        {
            Abandon(PeerReadOutcome.Stalled);
            return;
        }

        ScheduleCheck(options.Silence);
    }

    private void Abandon(PeerReadOutcome why)
    {
        Verdict = why;
        Abandon();
    }

    private bool IsStalled(long since) => since != NoRead && time.GetElapsedTime(Math.Max(since, _excusedAt)) >= options.StallTimeout;

    // A period with enough bytes is followed by another period.
    private bool IsTooSlow(long since)
    {
        var waited = time.GetElapsedTime(_waitedBefore, Waited(since));
        if (waited < options.StallTimeout)
        {
            return false;
        }

        var brought = Volatile.Read(ref _received) - _receivedBefore;
        if (brought == 0 || brought < leastRate() * waited.TotalSeconds)
        {
            return true;
        }

        BeginPeriod(since);
        return false;
    }

    private void BeginPeriod(long since)
    {
        _waitedBefore = Waited(since);
        _receivedBefore = Volatile.Read(ref _received);
    }

    private long Waited(long since) => Volatile.Read(ref _waited) + (since == NoRead ? 0 : time.GetTimestamp() - since);

    private async Task<ProbeResult> ProbeAsync()
    {
        try
        {
            return await probe(_abandoned.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return ProbeResult.WaitsForOthers; // the response is no longer needed, or the process is stopping
        }
    }
}
