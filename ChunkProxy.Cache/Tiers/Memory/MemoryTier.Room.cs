namespace ChunkProxy.Cache.Tiers.Memory;

// Makes room for a chunk by evicting or moving others. Always under the tier's lock.
public sealed partial class MemoryTier
{
    /// <summary>The names of cached chunks take this part of the budget beside the blocks. What is above it displaces chunks.</summary>
    /// <remarks>
    /// A chunk of 1 MiB with usual names and fields takes about a thousandth more than its bytes, so the blocks can fill the whole budget. Small objects
    /// with long paths or queries, which strangers can make up, take many times the memory of their blocks.
    /// </remarks>
    internal const int NamesPart = 32;

    /// <summary>Evicts until the names and a new block of this length fit the budget, or everything left is in use.</summary>
    private void MakeRoomForNames(int length)
    {
        var free = _slab.Capacity / NamesPart;
        while (_nameBytes > free && _slab.UsedBytes + length + _nameBytes - free > _slab.Capacity && _policy.TryEvict(out var victim))
        {
            Evict((MemoryEntry)victim);
        }
    }

    private void ChargeNames(MemoryEntry entry)
    {
        var weight = entry.Buffer.Version?.Weight ?? 0;
        _nameBytes += weight - entry.NameBytes;
        entry.NameBytes = weight;
    }

    /// <summary>Evicts by the policy until the chunk fits, or until enough is free to fit it by moving others.</summary>
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

    /// <summary>Defragments: moves the chunks of the cheapest run elsewhere, and evicts those that fit nowhere.</summary>
    /// <remarks>
    /// The policy evicts small chunks in an order unrelated to their addresses. Without this method, room for one full chunk would take the eviction
    /// of nearly everything. A buffer that a reader retains while it is being moved stays until that reader is done, and the next cheapest run
    /// is tried. Several such failures mean that the memory is in use.
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

    /// <summary>Moves a chunk. Without a long enough hole it evicts the policy's next victims, and the chunk itself only after several.</summary>
    private void MoveOrEvict(ChunkBuffer old)
    {
        const int Victims = 16;
        for (var left = Victims; old.Entry is { } entry; left--) // null: the chunk was among the victims
        {
            if (_slab.TryAllocate(old.Length) is { } moved)
            {
                // Before the copy: a fill may resume the partial chunk now and add bytes to it, and the copy must not claim bytes that it may lack.
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
