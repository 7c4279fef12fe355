namespace ChunkProxy.Cache.Tiers.Memory;

// How room is made for a chunk: others are evicted, or moved aside. All of it under the tier's lock.
public sealed partial class MemoryTier
{
    /// <summary>Evicts by the policy until the chunk fits, or until enough is free that moving others aside makes it fit.</summary>
    private ChunkBuffer? AllocateByEvicting(int length)
    {
        while (_slab.FreeBytes < _slab.RegionSize && _policy.TryEvict(out var victim))
        {
            Evict((MemoryEntry)victim);
            if (_slab.TryAllocate(length) is { } buffer)
            {
                return buffer;
            }
        }

        return null;
    }

    /// <summary>Joins free pages: moves the chunks that lie in the cheapest run elsewhere, and evicts those that fit nowhere.</summary>
    /// <remarks>
    /// Small chunks leave in the order of the policy, which is not the order in which they lie. Without this, room for one full chunk
    /// would take the eviction of nearly everything. A buffer that a reader takes hold of while it is being moved stays where it is
    /// until that reader is done, and the next cheapest run is tried; a few such losses mean that the memory is in use.
    /// </remarks>
    private ChunkBuffer? AllocateByVacating(int length)
    {
        const int Tries = 4;
        for (var i = 0; i < Tries && _slab.BeginVacating(length) is { } obstacles; i++)
        {
            foreach (var obstacle in obstacles)
            {
                MoveOrEvict(obstacle);
            }

            _slab.EndVacating();
            if (_slab.TryAllocate(length) is { } buffer)
            {
                return buffer;
            }
        }

        return null;
    }

    /// <summary>Moves a chunk aside; where no hole is long enough, the policy's next victims make one, and only after some of them the chunk itself goes.</summary>
    private void MoveOrEvict(ChunkBuffer old)
    {
        const int Victims = 16;
        for (var left = Victims; old.Entry is { } entry; left--) // none: the chunk was among the victims
        {
            if (_slab.TryAllocate(old.Length) is { } moved)
            {
                // Before the bytes: a fill that takes hold of the part just now may add to it, and the copy must not claim what it may lack.
                moved.Partial = old.Partial;
                moved.Version = old.Version;
                moved.IsNearCopy = old.IsNearCopy;
                moved.Key = entry.Key;
                old.GetSpan().CopyTo(moved.GetSpan());
                _movedBytes += moved.Length;
                Replace(entry, moved);
            }
            else if (left > 0 && _policy.TryEvict(out var victim))
            {
                Evict((MemoryEntry)victim);
            }
            else
            {
                _policy.Remove(entry);
                Evict(entry);
            }
        }
    }
}
