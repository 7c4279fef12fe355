using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Peers;

/// <summary>Watches over the reads of one answer: where one stays pending, it asks whether the peer lives, and if not gives the answer up.</summary>
/// <remarks>
/// One timer, made when a read pends first. It is not set anew for each read, which would cost more than to read: when it is due it
/// looks at the time at which the pending read began, and sleeps for the rest; where none is pending it stays unset until one is.
/// </remarks>
[SuppressMessage("Design", "CA2213", Justification = "A token source without a timer holds nothing, and a look that is under way may still use it.")]
internal sealed class SilenceWatch(TimeSpan silence, TimeProvider time, Func<CancellationToken, Task<bool>> isAlive) : IDisposable
{
    private const long NoRead = -1;

    private readonly CancellationTokenSource _givenUp = new();
    private ITimer? _timer;
    private long _pendingSince = NoRead;
    private int _isSet;

    /// <summary>The answer is worth no more waiting.</summary>
    public CancellationToken GivenUp => _givenUp.Token;

    public void GiveUp() => _givenUp.Cancel();

    /// <summary>A read is pending from now on.</summary>
    public void Begin()
    {
        // A full fence: either this sees that the timer is unset, or the look that unsets it sees this read.
        Interlocked.Exchange(ref _pendingSince, time.GetTimestamp());
        if (Volatile.Read(ref _isSet) == 0)
        {
            Set(silence);
        }
    }

    public void End() => Volatile.Write(ref _pendingSince, NoRead);

    public void Dispose() => _timer?.Dispose();

    private void Set(TimeSpan due)
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _timer ??= time.CreateTimer(static watch => _ = ((SilenceWatch)watch!).LookAsync(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task LookAsync()
    {
        Interlocked.Exchange(ref _isSet, 0);
        var since = Volatile.Read(ref _pendingSince);
        if (since == NoRead)
        {
            return;
        }

        var left = silence - time.GetElapsedTime(since);
        if (left > TimeSpan.Zero)
        {
            Set(left);
        }
        else if (await IsAliveAsync().ConfigureAwait(false) || Volatile.Read(ref _pendingSince) != since)
        {
            Set(silence); // it waits for its own source, or has gone on meanwhile
        }
        else
        {
            GiveUp();
        }
    }

    private async Task<bool> IsAliveAsync()
    {
        try
        {
            return await isAlive(_givenUp.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            return true; // nobody waits for the answer any more, or the process ends
        }
    }
}
