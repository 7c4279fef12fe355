namespace ChunkProxy.Cache.Warming;

/// <summary>Spreads the fetches of one warm-up over time, so that they stay below a rate.</summary>
/// <remarks>A fetch begins when the bytes of those before it have had their time. The first one begins at once, and the last one gets its time at the end.</remarks>
/// <param name="bytesPerSecond">The rate, at least <see cref="LowestRate"/>.</param>
/// <param name="time">The clock.</param>
internal sealed class WarmPace(long bytesPerSecond, TimeProvider time) : IDisposable
{
    /// <summary>1 KiB a second. A chunk of the greatest size, 64 MiB, then takes 18 hours.</summary>
    public const long LowestRate = 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly long _rate = bytesPerSecond >= LowestRate ? bytesPerSecond : throw new ArgumentOutOfRangeException(nameof(bytesPerSecond));
    private long _since = time.GetTimestamp(); // guarded by _turn
    private TimeSpan _taken; // from _since to the time at which the next fetch may begin; guarded by _turn

    /// <summary>Waits until a fetch of so many bytes may begin.</summary>
    public async ValueTask WaitAsync(int bytes, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await WaitForTimeAsync(cancellationToken).ConfigureAwait(false);
            if (time.GetElapsedTime(_since) > _taken)
            {
                (_since, _taken) = (time.GetTimestamp(), TimeSpan.Zero); // time that was not used does not make later fetches faster
            }

            _taken += TimeSpan.FromSeconds((double)bytes / _rate);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until the bytes of all fetches have had their time.</summary>
    public ValueTask EndAsync(CancellationToken cancellationToken) => WaitForTimeAsync(cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async ValueTask WaitForTimeAsync(CancellationToken cancellationToken)
    {
        if (_taken - time.GetElapsedTime(_since) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
