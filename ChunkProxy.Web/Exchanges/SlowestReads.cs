namespace ChunkProxy.Web.Exchanges;

/// <summary>The requests of the last 15 minutes whose clients waited longest.</summary>
/// <remarks>
/// <see cref="WouldAdd"/> filters out faster requests with two comparisons and without a lock. It may read an outdated bar. Then either
/// <see cref="Add"/>, which decides under the lock, drops the request, or a request that was just slow enough is missed.
/// </remarks>
internal sealed class SlowestReads(TimeProvider time)
{
    public const int Kept = 20;

    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    private const double Anything = -1;

    private readonly long _lifetime = (long)(Recent.TotalSeconds * time.TimestampFrequency);
    private readonly Lock _gate = new();
    private readonly List<(SlowRead Read, long LeavesAt)> _reads = new(Kept + 1); // longest wait first; guarded by _gate
    private double _threshold = Anything; // seconds: the shortest wait in a full list
    private long _oldestLeavesAt = long.MaxValue; // timestamp

    /// <summary>Returns whether a request with this wait may be one of the slowest.</summary>
    /// <param name="waited">How long the client waited.</param>
    /// <param name="now">The timestamp at the end of the request.</param>
    public bool WouldAdd(TimeSpan waited, long now) => waited.TotalSeconds > Volatile.Read(ref _threshold) || now >= Volatile.Read(ref _oldestLeavesAt);

    public void Add(SlowRead read)
    {
        lock (_gate)
        {
            ForgetOld();
            var place = _reads.FindIndex(other => other.Read.WaitedSeconds < read.WaitedSeconds);
            _reads.Insert(place < 0 ? _reads.Count : place, (read, time.GetTimestamp() + _lifetime));
            if (_reads.Count > Kept)
            {
                _reads.RemoveAt(Kept);
            }

            Publish();
        }
    }

    /// <summary>Returns the requests, longest wait first.</summary>
    public IReadOnlyList<SlowRead> Read()
    {
        lock (_gate)
        {
            ForgetOld();
            Publish();
            return [.. _reads.Select(it => it.Read)];
        }
    }

    private void ForgetOld()
    {
        var now = time.GetTimestamp();
        _reads.RemoveAll(it => it.LeavesAt <= now);
    }

    private void Publish()
    {
        Volatile.Write(ref _threshold, _reads.Count < Kept ? Anything : _reads[^1].Read.WaitedSeconds);
        Volatile.Write(ref _oldestLeavesAt, _reads.Count == 0 ? long.MaxValue : _reads.Min(it => it.LeavesAt));
    }
}
