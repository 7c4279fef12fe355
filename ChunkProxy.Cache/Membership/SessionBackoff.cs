using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Membership;

/// <summary>Decides how long to wait for the next session after one that failed.</summary>
/// <param name="endpoints">Number of endpoints. All are tried once more without a
/// pause: an expired token or a restarting etcd member is not an outage.</param>
/// <param name="steady">A session established for longer resets the count of
/// failures. One that ends at once, for example without permission, does not.</param>
internal sealed class SessionBackoff(int endpoints, TimeSpan steady)
{
    private static readonly Backoff Pauses = new(First: TimeSpan.FromMilliseconds(100), Longest: TimeSpan.FromSeconds(2));

    private int _failures; // since the last steady session

    /// <summary>Records a failed session. Returns the maximum wait; zero while etcd does not count as unavailable.</summary>
    /// <param name="stood">How long the session was established.</param>
    public TimeSpan After(TimeSpan stood)
    {
        _failures = stood > steady ? 1 : _failures + 1;
        return _failures <= endpoints ? TimeSpan.Zero : Pauses.Pause(_failures - endpoints);
    }
}
