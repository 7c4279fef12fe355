namespace ChunkProxy.Cache.Metering;

/// <summary>A fixed number of <see cref="StripedCounter"/>s, each created at its first increment.</summary>
internal sealed class StripedCounters(int count)
{
    private readonly StripedCounter?[] _counters = new StripedCounter?[count];

    public long this[int index] => Volatile.Read(ref _counters[index])?.Value ?? 0;

    public void Add(int index, long value) => (Volatile.Read(ref _counters[index]) ?? Make(index)).Add(value);

    // Two threads at once create two counters, and both use the one that was stored first.
    private StripedCounter Make(int index)
    {
        var made = new StripedCounter();
        return Interlocked.CompareExchange(ref _counters[index], made, null) ?? made;
    }
}
