using System.Buffers;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Buffer of a read that bypasses the memory tier: from the memory budget while that has room.</summary>
internal sealed class PassThroughBuffer
{
    // Enough to keep a connection busy. A stalled reader holds no more than this and the socket buffers.
    private const int Size = 256 * 1024;

    private readonly ChunkBuffer? _rented;
    private readonly byte[]? _pooled;

    private PassThroughBuffer(ChunkBuffer? rented, byte[]? pooled)
    {
        _rented = rented;
        _pooled = pooled;
        Memory = rented?.Memory ?? pooled;
    }

    public Memory<byte> Memory { get; }

    public static PassThroughBuffer Rent(MemoryTier memory, int wanted)
    {
        var length = Math.Min(wanted, Size);
        return memory.TryRent(length) is { } rented ? new PassThroughBuffer(rented, null) : new PassThroughBuffer(null, ArrayPool<byte>.Shared.Rent(Math.Min(length, Size / 4)));
    }

    public void Return()
    {
        _rented?.Release();
        if (_pooled is not null)
        {
            ArrayPool<byte>.Shared.Return(_pooled);
        }
    }
}
