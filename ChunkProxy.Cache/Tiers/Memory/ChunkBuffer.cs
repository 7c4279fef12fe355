using System.Buffers;
using ChunkProxy.Cache.Fills;

namespace ChunkProxy.Cache.Tiers.Memory;

/// <summary>Placeholder shape; the memory tier's author replaces the storage.</summary>
public sealed class ChunkBuffer
{
    private readonly byte[] _bytes;

    internal ChunkBuffer(int length) => _bytes = new byte[length];

    /// <summary>Bytes of the chunk; the block behind it may be larger.</summary>
    public int Length => _bytes.Length;

    /// <summary>Writable for the fill that owns the buffer, read-only by contract for everybody else.</summary>
    public Memory<byte> Memory => _bytes;

    /// <summary>Which bytes are there, for a chunk whose fill ended early; null once all are.</summary>
    internal Extents? Partial { get; set; }

    /// <summary>Takes a reference, unless the last one is gone already.</summary>
    public bool TryRetain() => true;

    /// <summary>Gives a reference back; after the last the memory serves another chunk.</summary>
    public void Release()
    {
    }
}
