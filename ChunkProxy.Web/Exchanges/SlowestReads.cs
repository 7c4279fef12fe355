namespace ChunkProxy.Web.Exchanges;

/// <summary>The requests of the last quarter of an hour that made their clients wait longest.</summary>
/// <remarks>
/// A request that was faster than all of them learns so from <see cref="Takes"/>, by two comparisons and without a lock. The bar it reads may be
/// a moment old: then <see cref="Add"/>, which decides under the lock, lets it fall, or one that was just slow enough is missed.
/// </remarks>
internal sealed class SlowestReads(TimeProvider time)
{
    public const int Kept = 20;

    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    private const double Anything = -1;

    private readonly long _lifetime = (long)(Recent.TotalSeconds * time.TimestampFrequency);
    private readonly Lock _gate = new();
    private readonly List<(SlowRead Read, long LeavesAt)> _reads = new(Kept + 1); // longest wait first; under _gate
    private double _bar = Anything; // seconds of the shortest wait in a full list
    private long _oldestLeavesAt = long.MaxValue; // timestamp

    /// <summary>Says whether a request that waited so long is one of them.</summary>
    /// <param name="waited">By its client.</param>
    /// <param name="now">Timestamp of its end.</param>
    public bool Takes(TimeSpan waited, long now) => waited.TotalSeconds > Volatile.Read(ref _bar) || now >= Volatile.Read(ref _oldestLeavesAt);

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

    /// <summary>Longest wait first.</summary>
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
        Volatile.Write(ref _bar, _reads.Count < Kept ? Anything : _reads[^1].Read.WaitedSeconds);
        Volatile.Write(ref _oldestLeavesAt, _reads.Count == 0 ? long.MaxValue : _reads.Min(it => it.LeavesAt));
    }
}
