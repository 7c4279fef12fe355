using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers.Health;

/// <summary>
/// Watches over the reads of one answer: where one stays pending it feels the peer's pulse, and gives the answer up if there is none, or if the peer brings
/// too little and has nobody else to wait for.
/// </summary>
/// <remarks>
/// <para>
/// One timer, made when a read pends first. It is not set anew for each read, which would cost more than to read: when it is due it
/// looks at the time at which the pending read began, and sleeps for the rest; where none is pending it stays unset until one is.
/// </para>
/// <para>
/// Only time in which a read is pending counts: a reader who takes his time is no fault of the peer's.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA2213", Justification = "A token source without a timer holds nothing, and a look that is under way may still use it.")]
internal sealed class ProgressWatch(PeerOptions options, TimeProvider time, Func<CancellationToken, Task<Pulse>> pulse) : IDisposable
{
    private const long NoRead = -1;

    private readonly CancellationTokenSource _givenUp = new();
    private ITimer? _timer;
    private int _isSet; // 1: a look is due or under way

    // Written by whoever reads; timestamps of the provider.
    private long _pendingSince = NoRead;
    private long _waited; // for reads that have ended, since the beginning
    private long _brought; // bytes, since the beginning

    // Written by looks, which follow one another: where the stretch begins in which the peer is to bring enough, and when it last had an excuse.
    private long _waitedBefore;
    private long _broughtBefore;
    private long _excusedAt = long.MinValue;

    /// <summary>The answer is worth no more waiting.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    /// <summary>Why it was given up: <see cref="PeerReadOutcome.Silent"/> or <see cref="PeerReadOutcome.Stalled"/>; null if nobody did, or by the reader's own wish.</summary>
    public PeerReadOutcome? Verdict { get; private set; }

    public void GiveUp() => _givenUp.Cancel();

    /// <summary>A read is pending from now on.</summary>
    public void Begin()
    {
        // A full fence: either this sees that no look is due, or the look that says so sees this read.
        Interlocked.Exchange(ref _pendingSince, time.GetTimestamp());
        if (Volatile.Read(ref _isSet) == 0)
        {
            Set(options.Silence);
        }
    }

    /// <summary>The read has ended with so many bytes.</summary>
    public void End(int count)
    {
        var since = Interlocked.Exchange(ref _pendingSince, NoRead); // first: a look in between sees too little waiting rather than too much
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
                Set(options.Silence); // it began just before that
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
        var pending = Volatile.Read(ref _pendingSince); // it may have gone on meanwhile
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

    // A stretch at whose end there is enough is followed by another.
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
            return Pulse.WaitsForOthers; // nobody waits for the answer any more, or the process ends
        }
    }
}
