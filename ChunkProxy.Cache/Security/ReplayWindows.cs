using System.Collections.Concurrent;

namespace ChunkProxy.Cache.Security;

/// <summary>Refuses what was accepted before. Holds a window for each sender that was heard within the tolerance, and for no more than <see cref="MostSenders"/>.</summary>
/// <remarks>To be asked only for what carries a valid MAC: a stranger makes it remember nothing.</remarks>
/// <param name="tolerance">How far the time of a request may lie from this process's clock, either way.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayWindows(TimeSpan tolerance, TimeProvider time)
{
    /// <summary>Processes that may send within the tolerance, those that have ended since included. Their windows take 8 KiB each.</summary>
    public const int MostSenders = 1024;

    private readonly ConcurrentDictionary<UInt128, ReplayWindow> _senders = new();
    private readonly DateTimeOffset _started = time.GetUtcNow(); // what was accepted before that is not known any more
    private readonly Lock _gate = new();

    public int Senders => _senders.Count;

    /// <param name="sender">A process, by a name that no other process ever has.</param>
    /// <param name="number">Its number of the request.</param>
    /// <param name="sent">When it was sent by the sender's clock, in milliseconds since 1970.</param>
    public ReplayVerdict Judge(UInt128 sender, long number, long sent)
    {
        var now = time.GetUtcNow();
        var distance = Math.Abs(now.ToUnixTimeMilliseconds() - sent);
        if (distance > tolerance.TotalMilliseconds || sent < _started.ToUnixTimeMilliseconds())
        {
            return ReplayVerdict.WrongTime;
        }

        if (!_senders.TryGetValue(sender, out var window) && (window = Admit(sender)) is null)
        {
            return ReplayVerdict.TooManySenders;
        }

        window.HeardAt = time.GetTimestamp();
        return window.TryAccept(number) ? ReplayVerdict.New : ReplayVerdict.Replayed;
    }

    // What a sender that is forgotten sent last is older than the tolerance (twice: its clock may be ahead), so its time alone refuses it.
    private ReplayWindow? Admit(UInt128 sender)
    {
        lock (_gate)
        {
            if (_senders.Count >= MostSenders)
            {
                foreach (var (name, window) in _senders)
                {
                    if (time.GetElapsedTime(window.HeardAt) > 2 * tolerance)
                    {
                        _senders.TryRemove(name, out _);
                    }
                }
            }

            return _senders.Count < MostSenders ? _senders.GetOrAdd(sender, static (_, now) => new ReplayWindow { HeardAt = now }, time.GetTimestamp()) : null;
        }
    }
}
