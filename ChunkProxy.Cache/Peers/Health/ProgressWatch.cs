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
internal sealed class ProgressWatch(PeerOptions options, TimeProvider time, Func<CancellationToken, Task<Pulse>> pulse) : IDisposable
{
    private const long NoRead = -1;

    private readonly CancellationTokenSource _givenUp = new();
    private ITimer? _timer;
    private int _isSet; // 1: a check is scheduled or running

    // Written by the reader; timestamps of the time provider.
    private long _pendingSince = NoRead;
    private long _waited; // total time of completed reads
    private long _brought; // total bytes

    // Written by checks, which run one after another: the start of the period in which the peer must deliver enough, and the time of its last excuse.
    private long _waitedBefore;
    private long _broughtBefore;
    private long _excusedAt = long.MinValue;

    /// <summary>Cancelled when the response is given up.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    /// <summary>
    /// Why the response was given up: <see cref="PeerReadOutcome.Silent"/> or <see cref="PeerReadOutcome.Stalled"/>; null if it was not, or if the
    /// reader cancelled.
    /// </summary>
    public PeerReadOutcome? Verdict { get; private set; }

    public void GiveUp() => _givenUp.Cancel();

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
        Volatile.Write(ref _brought, _brought + count);
        Volatile.Write(ref _waited, _waited + (time.GetTimestamp() - since));
    }

    public void Dispose() => _timer?.Dispose();

    private void Set(TimeSpan due)
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _timer ??= time.CreateTimer(static watch => _ = ((ProgressWatch)watch!).LookAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void LookAgainIn(TimeSpan due) => _timer!.Change(due, Timeout.InfiniteTimeSpan);

    private async Task LookAsync()
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
        if (left > TimeSpan.Zero && !BringsTooLittle(since))
        {
            LookAgainIn(left);
            return;
        }

        var felt = await FeelAsync().ConfigureAwait(false);
        var pending = Volatile.Read(ref _pendingSince); // it may have completed and another begun meanwhile
        if (felt is Pulse.WaitsForOthers)
        {
            BeginStretch(pending);
            _excusedAt = time.GetTimestamp();
        }
        else if (felt is Pulse.None && pending == since)
        {
            GiveUp(PeerReadOutcome.Silent);
            return;
        }
        else if (felt is Pulse.Beats && (StandsStill(pending) || BringsTooLittle(pending)))
        {
            GiveUp(PeerReadOutcome.Stalled);
            return;
        }

        LookAgainIn(options.Silence);
    }

    private void GiveUp(PeerReadOutcome why)
    {
        Verdict = why;
        GiveUp();
    }

    private bool StandsStill(long since) => since != NoRead && time.GetElapsedTime(Math.Max(since, _excusedAt)) >= options.StallTimeout;

    // A period with enough bytes is followed by another period.
    private bool BringsTooLittle(long since)
    {
        var waited = time.GetElapsedTime(_waitedBefore, Waited(since));
        if (waited < options.StallTimeout)
        {
            return false;
        }

        var brought = Volatile.Read(ref _brought) - _broughtBefore;
        if (brought == 0 || brought < options.MinRate * waited.TotalSeconds)
        {
            return true;
        }

        BeginStretch(since);
        return false;
    }

    private void BeginStretch(long since)
    {
        _waitedBefore = Waited(since);
        _broughtBefore = Volatile.Read(ref _brought);
    }

    private long Waited(long since) => Volatile.Read(ref _waited) + (since == NoRead ? 0 : time.GetTimestamp() - since);

    private async Task<Pulse> FeelAsync()
    {
        try
        {
            return await pulse(_givenUp.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return Pulse.WaitsForOthers; // the response is no longer needed, or the process is stopping
        }
    }
}
