namespace ChunkProxy.Cache.Concurrency;

/// <summary>Counts the references to something that is given back when the last one is gone. A field, never copied.</summary>
/// <remarks>
/// The count starts at one and ends at zero once. From then on <see cref="TryRetain"/> fails for good, so whoever finds the thing somewhere stale either
/// gets a reference before the end, and the thing stays, or gets none. Takes no lock.
/// </remarks>
internal struct RefCount
{
    private int _count;

    /// <summary>The count of a thing that its creator holds.</summary>
    public static RefCount One() => new() { _count = 1 };

    /// <summary>References that are held at this moment.</summary>
    public int Current => Volatile.Read(ref _count);

    /// <summary>Takes a reference, unless the last one is gone already.</summary>
    public bool TryRetain()
    {
        for (var count = Volatile.Read(ref _count); count > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _count, count + 1, count);
            if (seen == count)
            {
                return true;
            }

            count = seen;
        }

        return false;
    }

    /// <summary>Gives a reference back. Returns true for the last one: the caller gives the thing back.</summary>
    /// <exception cref="InvalidOperationException">More references were given back than taken: the thing may serve another by now, and somebody may still use it.</exception>
    public bool Release()
    {
        var left = Interlocked.Decrement(ref _count);
        return left >= 0 ? left == 0 : throw new InvalidOperationException("A reference was released more often than it was retained.");
    }
}
