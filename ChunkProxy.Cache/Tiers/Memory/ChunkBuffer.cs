using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>A block of the slab that holds one chunk, counted by reference.</summary>
/// <remarks>
/// The renter holds the first reference; who gives the last one back gives the block back. The next tenant of the block gets a new object, never
/// this one again. A reader that found this object somewhere stale (it read the index, was held up, and the chunk was evicted meanwhile)
/// therefore cannot mistake another chunk's bytes for its own (<see cref="RefCount"/>). Objects are not pooled for that reason; one of some hundred bytes for each fill of up to a chunk of bytes is no load on the garbage collector, and a hit makes none.
/// </remarks>
public sealed unsafe class ChunkBuffer : MemoryManager<byte>
{
    private readonly ChunkSlab _slab;
    private readonly byte* _start;
    private RefCount _references = RefCount.One();

    internal ChunkBuffer(ChunkSlab slab, byte* start, int length, int region, int page, int pages)
    {
        _slab = slab;
        _start = start;
        Length = length;
        Region = region;
        Page = page;
        Pages = pages;
    }

    /// <summary>Bytes of the chunk; the block behind it may be larger.</summary>
    public int Length { get; }

    /// <summary>Writable for the fill that owns the buffer, read-only by contract for everybody else. To be used while a reference is held.</summary>
    public override Memory<byte> Memory => CreateMemory(Length);

    /// <summary>Which bytes are there, for a chunk whose fill ended early; null once all are.</summary>
    internal Extents? Partial { get; set; }

    /// <summary>The version whose bytes these are; null before the fill that rents the buffer has said so.</summary>
    internal ObjectVersion? Version { get; set; }

    /// <summary>Another member owns the chunk; this is a copy for its readers here.</summary>
    internal bool IsNearCopy { get; set; }

    internal int Region { get; }

    internal int Page { get; }

    internal int Pages { get; }

    internal long BlockBytes => (long)Pages * _slab.PageSize;

    /// <summary>Somebody beside the tier holds a reference, or the tier holds none.</summary>
    internal bool IsInUse => _references.Current != 1 || Entry is null;

    /// <summary>The tier's entry for this buffer while it is cached. Guarded by the tier's lock.</summary>
    internal MemoryEntry? Entry { get; set; }

    /// <summary>The one key under which the buffer was ever added.</summary>
    internal ChunkKey? Key { get; set; }

    // The buffers of one region, linked through themselves. Guarded by the tier's lock.
    internal ChunkBuffer? NextInRegion { get; set; }

    internal ChunkBuffer? PreviousInRegion { get; set; }

    // The slab's list of blocks to take back.
    internal ChunkBuffer? NextDead { get; set; }

    /// <summary>Takes a reference, unless the last one is gone already.</summary>
    public bool TryRetain() => _references.TryRetain();

    /// <summary>Gives a reference back; after the last the memory serves another chunk. Takes no lock.</summary>
    /// <exception cref="InvalidOperationException">More references were given back than taken: somewhere bytes may be read that are not this chunk's any more.</exception>
    public void Release()
    {
        if (_references.Release())
        {
            _slab.Return(this);
        }
    }

    internal bool IsOf(ChunkSlab slab) => _slab == slab;

    /// <exception cref="ObjectDisposedException">The last reference is gone.</exception>
    public override Span<byte> GetSpan()
    {
        ThrowIfDead();
        return new Span<byte>(_start, Length);
    }

    /// <summary>Native memory stays where it is: nothing to pin. The reference must be held until the handle is done with.</summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length);
        ThrowIfDead();
        return new MemoryHandle(_start + elementIndex);
    }

    public override void Unpin()
    {
    }

    /// <summary>Nothing: <see cref="Release"/> gives the memory back, not the disposal of a view on it.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private void ThrowIfDead() => ObjectDisposedException.ThrowIf(_references.Current <= 0, this);
}
