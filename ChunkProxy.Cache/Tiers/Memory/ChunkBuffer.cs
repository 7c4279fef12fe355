using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>A slab block that holds one chunk. Reference-counted.</summary>
/// <remarks>
/// The renter holds the first reference; the last release returns the block. The next chunk in the block gets a new object, never this one again.
/// So a reader with a stale object (it read the index, was delayed, and the chunk was evicted meanwhile) cannot take another chunk's bytes for its
/// own (<see cref="RefCount"/>). Objects are not pooled for that reason. A fill allocates one object of some hundred bytes, which is no load on the
/// garbage collector beside a chunk of bytes. A hit allocates none.
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

    /// <summary>Length of the chunk in bytes. The block may be larger.</summary>
    public int Length { get; }

    /// <summary>Writable for the fill that owns the buffer, read-only by contract for all others. Valid while a reference is held.</summary>
    public override Memory<byte> Memory => CreateMemory(Length);

    /// <summary>The bytes present, for a chunk whose fill ended early. Null when all are present.</summary>
    internal Extents? Partial { get; set; }

    /// <summary>Version of the bytes. Null until the renting fill sets it.</summary>
    internal ObjectVersion? Version { get; set; }

    /// <summary>Whether this is a near copy: another member owns the chunk.</summary>
    internal bool IsNearCopy { get; set; }

    internal int Region { get; }

    internal int Page { get; }

    internal int Pages { get; }

    internal long BlockBytes => (long)Pages * _slab.PageSize;

    /// <summary>Whether anyone except the tier holds a reference, or the tier holds none.</summary>
    internal bool IsInUse => _references.Current != 1 || Entry is null;

    /// <summary>The tier's entry of this buffer while it is cached. Guarded by the tier's lock.</summary>
    internal MemoryEntry? Entry { get; set; }

    /// <summary>The only key under which the buffer was ever added.</summary>
    internal ChunkKey? Key { get; set; }

    // Intrusive list of the buffers in one region. Guarded by the tier's lock.
    internal ChunkBuffer? NextInRegion { get; set; }

    internal ChunkBuffer? PreviousInRegion { get; set; }

    // Intrusive list of the slab's released blocks.
    internal ChunkBuffer? NextDead { get; set; }

    /// <summary>Takes a reference. Returns false after the last one was released.</summary>
    public bool TryRetain() => _references.TryRetain();

    /// <summary>Releases a reference. After the last release the memory is reused for another chunk. Takes no lock.</summary>
    /// <exception cref="InvalidOperationException">More references were released than taken: a reader may see the bytes of another chunk.</exception>
    public void Release()
    {
        if (_references.Release())
        {
            _slab.Return(this);
        }
    }

    internal bool IsOf(ChunkSlab slab) => _slab == slab;

    /// <exception cref="ObjectDisposedException">The last reference was released.</exception>
    public override Span<byte> GetSpan()
    {
        ThrowIfReleased();
        return new Span<byte>(_start, Length);
    }

    /// <summary>Native memory does not move and needs no pinning. The caller must hold a reference until it disposes of the handle.</summary>
    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)Length);
        ThrowIfReleased();
        return new MemoryHandle(_start + elementIndex);
    }

    public override void Unpin()
    {
    }

    /// <summary>Does nothing: <see cref="Release"/> returns the memory, not the disposal of a view on it.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private void ThrowIfReleased() => ObjectDisposedException.ThrowIf(_references.Current <= 0, this);
}
