using System.Collections.Concurrent;

namespace ChunkProxy.Cache.Security;

/// <summary>Detects replayed requests. Keeps one window per sender heard within the tolerance, and at most <see cref="MostSenders"/>.</summary>
/// <remarks>Call it only for requests with a valid MAC, so that strangers cannot use memory.</remarks>
/// <param name="tolerance">Largest difference between the time of a request and the local clock, in either direction.</param>
/// <param name="time">The clock.</param>
internal sealed class ReplayWindows(TimeSpan tolerance, TimeProvider time)
{
    /// <summary>Upper bound of processes that send within the tolerance, including ended ones. A window takes 8 KiB.</summary>
    public const int MostSenders = 1024;

    private readonly ConcurrentDictionary<UInt128, ReplayWindow> _senders = new();
    private readonly DateTimeOffset _started = time.GetUtcNow(); // requests accepted before the start are not known
    private readonly Lock _gate = new();

    /// <param name="sender">Unique id of the sending process.</param>
    /// <param name="number">The sender's number of the request.</param>
    /// <param name="sent">Time of the request by the sender's clock, in milliseconds since 1970.</param>
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

        window.LastSeen = time.GetTimestamp();
        return window.TryAccept(number) ? ReplayVerdict.New : ReplayVerdict.Replayed;
    }

    // A removed sender's last request is older than the tolerance, so its time alone refuses a replay. Twice: its clock may be ahead.
    private ReplayWindow? Admit(UInt128 sender)
    {
        lock (_gate)
        {
            if (_senders.Count >= MostSenders)
            {
                foreach (var (name, window) in _senders)
                {
                    if (time.GetElapsedTime(window.LastSeen) > 2 * tolerance)
                    {
                        _senders.TryRemove(name, out _);
                    }
                }
            }

            return _senders.Count < MostSenders ? _senders.GetOrAdd(sender, static (_, now) => new ReplayWindow { LastSeen = now }, time.GetTimestamp()) : null;
        }
    }
}
