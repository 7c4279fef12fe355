namespace ChunkProxy.Web.Clients;

/// <summary>The bytes that one client may get: a burst at once, then so many a second. Shared by all responses to the client.</summary>
/// <remarks>
/// A token bucket, kept as one time: when all bytes that were taken will be paid for. Responses take a piece each and wait until it is paid, so those of
/// one client take turns. What is not sent is given back.
/// </remarks>
/// <param name="rate">Bytes a second, above 0.</param>
/// <param name="burst">Bytes that an idle client gets without a wait.</param>
/// <param name="time">The clock.</param>
internal sealed class ByteBucket(long rate, long burst, TimeProvider time)
{
    // At low rates, pieces are small, so that several responses take turns often. At high rates they are few.
    private const int SmallestPiece = 1024;
    private const int LargestPiece = 1024 * 1024;
    private const int PiecesPerSecond = 16;

    private readonly Lock _gate = new();
    private readonly long _start = time.GetTimestamp(); // times are relative to it, so that doubles keep them exactly
    private readonly double _ticksPerByte = (double)TimeSpan.TicksPerSecond / rate;
    private readonly int _piece = (int)Math.Clamp(rate / PiecesPerSecond, SmallestPiece, LargestPiece);
    private double _paidAt = double.MinValue; // under _gate; ticks since _start

    /// <summary>Takes bytes: as many as are paid for now, or a piece that is paid for after the delay.</summary>
    /// <param name="wanted">Above 0.</param>
    /// <param name="delay">Time until they may be sent.</param>
    /// <returns>At least one and at most <paramref name="wanted"/>.</returns>
    public int Take(int wanted, out TimeSpan delay)
    {
        lock (_gate)
        {
            var now = (double)time.GetElapsedTime(_start).Ticks;
            _paidAt = Math.Max(_paidAt, now - (burst * _ticksPerByte));
            var paid = (int)Math.Clamp((now - _paidAt) / _ticksPerByte, 0, wanted);
            var taken = Math.Min(wanted, Math.Max(paid, _piece));
            _paidAt += taken * _ticksPerByte;
            delay = TimeSpan.FromTicks((long)Math.Ceiling(Math.Max(0, _paidAt - now)));
            return taken;
        }
    }

    /// <summary>Gives back bytes that were taken and will not be sent.</summary>
    /// <returns>The time that they would have taken.</returns>
    public TimeSpan GiveBack(int bytes)
    {
        var time = bytes * _ticksPerByte;
        lock (_gate)
        {
            _paidAt -= time;
        }

        return TimeSpan.FromTicks((long)time);
    }
}
