namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The budget of a disk, and the bytes of it that are charged. Any thread.</summary>
/// <param name="budget">In bytes.</param>
internal sealed class DiskSpace(long budget)
{
    private long _used;

    public long Budget => budget;

    public long UsedBytes => Interlocked.Read(ref _used);

    /// <summary>Charges bytes unless the sum would exceed the budget.</summary>
    public bool TryCharge(long bytes)
    {
        for (var used = UsedBytes; bytes <= budget - used;)
        {
            var seen = Interlocked.CompareExchange(ref _used, used + bytes, used);
            if (seen == used)
            {
                return true;
            }

            used = seen;
        }

        return false;
    }

    /// <summary>Charges bytes already on disk, even beyond the budget.</summary>
    public void Charge(long bytes) => Interlocked.Add(ref _used, bytes);

    public void Refund(long bytes) => Interlocked.Add(ref _used, -bytes);

    public void Clear() => Interlocked.Exchange(ref _used, 0);
}
