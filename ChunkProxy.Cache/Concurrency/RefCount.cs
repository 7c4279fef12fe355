namespace ChunkProxy.Cache.Concurrency;

/// <summary>Counts the references to a resource that is released with the last reference. Use it as a field, and never copy it.</summary>
/// <remarks>
/// The count starts at one and reaches zero once. From then on <see cref="TryRetain"/> always fails. So a caller that finds the resource by
/// a stale lookup either gets a reference before the end, and the resource stays, or gets none. Takes no lock.
/// </remarks>
internal struct RefCount
{
    private int _count;

    /// <summary>Returns a count of one: the creator's reference.</summary>
    public static RefCount One() => new() { _count = 1 };

    /// <summary>Number of references held at this moment.</summary>
    public int Current => Volatile.Read(ref _count);

    /// <summary>Takes a reference. Returns false if the last one has been released.</summary>
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

    /// <summary>Releases a reference. Returns true for the last one: the caller then releases the resource.</summary>
    /// <exception cref="InvalidOperationException">More releases than retains: the resource may be in use, or have a new user.</exception>
    public bool Release()
    {
        var left = Interlocked.Decrement(ref _count);
        return left >= 0 ? left == 0 : throw new InvalidOperationException("A reference was released more often than it was retained.");
    }
}
