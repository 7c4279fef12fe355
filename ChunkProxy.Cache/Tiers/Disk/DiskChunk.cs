using ChunkProxy.Cache.Chunks;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A chunk that was found on disk, open for reading. It stays readable when the tier evicts it meanwhile.</summary>
public sealed class DiskChunk : IDisposable
{
    private readonly DiskReader _reader;
    private readonly Chunk _chunk;
    private readonly ulong[] _checksums;
    private int _isDisposed;

    internal DiskChunk(DiskReader reader, Chunk chunk, SafeFileHandle file, DiskEntry? entry, int headerLength, ulong[] checksums)
    {
        _reader = reader;
        _chunk = chunk;
        _checksums = checksums;
        File = file;
        Entry = entry;
        HeaderLength = headerLength;
    }

    /// <summary>Bytes in the chunk.</summary>
    public int Length => _chunk.Length;

    internal ChunkKey Key => _chunk.Key;

    internal SafeFileHandle File { get; }

    /// <summary>Null when the file was opened before the scan had come to it.</summary>
    internal DiskEntry? Entry { get; }

    internal int HeaderLength { get; }

    internal ReadOnlySpan<ulong> Checksums => _checksums;

    internal bool IsDamaged { get; set; }

    /// <summary>Reads straight into <paramref name="destination"/> and verifies the checksum of every block before it returns.</summary>
    /// <param name="offset">Where to read in the chunk: a multiple of <see cref="DiskTier.BlockSize"/>.</param>
    /// <param name="destination">A multiple of <see cref="DiskTier.BlockSize"/> long, or it reaches the chunk's end.</param>
    /// <param name="cancellationToken">Keeps a read from beginning; one that has begun writes to the destination and ends first.</param>
    /// <returns>False: damaged or unreadable. The destination's bytes are worthless, the file is deleted, and the caller goes elsewhere.</returns>
    public ValueTask<bool> ReadAsync(int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length - offset, nameof(destination));
        if (offset % DiskTier.BlockSize != 0)
        {
            throw new ArgumentException("Reads begin where a block does.", nameof(offset));
        }

        if (destination.Length % DiskTier.BlockSize != 0 && offset + destination.Length != Length)
        {
            throw new ArgumentException("Reads end where a block or the chunk does.", nameof(destination));
        }

        return _reader.ReadAsync(this, offset, destination, cancellationToken);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _reader.Close(File, Entry);
        }
    }
}
