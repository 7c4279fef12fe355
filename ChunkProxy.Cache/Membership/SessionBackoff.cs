namespace ChunkProxy.Cache.Membership;

/// <summary>Decides how soon the next session is tried after one that failed.</summary>
/// <param name="endpoints">How many there are. All are tried once more at once: a token that expired or an etcd member that restarts is no outage.</param>
/// <param name="steady">A session that stood longer wipes the slate; one that ends at once, for lack of a permission say, does not.</param>
internal sealed class SessionBackoff(int endpoints, TimeSpan steady)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    private int _failures; // since a session stood

    /// <summary>Takes note of a session that failed. Returns how long to wait at most; zero: etcd is not away, as far as is known.</summary>
    /// <param name="stood">How long the session had stood.</param>
    public TimeSpan After(TimeSpan stood)
    {
        _failures = stood > steady ? 1 : _failures + 1;
        if (_failures <= endpoints)
        {
            return TimeSpan.Zero;
        }

        var doubled = First * Math.Pow(2, Math.Min(_failures - endpoints - 1, 10));
        return doubled < Longest ? doubled : Longest;
    }
}
