using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A chunk that was found on disk, open for reading. It stays readable when the tier evicts it meanwhile.</summary>
public sealed class DiskChunk : IDisposable
{
    private readonly DiskReader _reader;
    private int _isDisposed;

    internal DiskChunk(DiskReader reader, Chunk chunk, ChunkFile file, DiskEntry? entry)
    {
        _reader = reader;
        Chunk = chunk;
        File = file;
        Entry = entry;
    }

    /// <summary>Bytes in the chunk.</summary>
    public int Length => Chunk.Length;

    /// <summary>Bytes under one checksum in this file, and so the unit of reads: <see cref="DiskTier.BlockSize"/>, or what earlier releases wrote.</summary>
    public int BlockSize => File.Checksums.BlockSize;

    internal Chunk Chunk { get; }

    internal ChunkFile File { get; }

    /// <summary>Null when the file was opened before the scan had come to it.</summary>
    internal DiskEntry? Entry { get; }

    /// <summary>Reads straight into <paramref name="destination"/> and verifies the checksum of every block before it returns. At once where the operating system has the bytes in memory.</summary>
    /// <param name="offset">Where to read in the chunk: a multiple of <see cref="BlockSize"/>.</param>
    /// <param name="destination">A multiple of <see cref="BlockSize"/> long, or it reaches the chunk's end.</param>
    /// <param name="cancellationToken">Keeps a read from beginning; one that has begun writes to the destination and ends first.</param>
    /// <returns>False: damaged or unreadable. The destination's bytes are worthless, the file is deleted, and the caller goes elsewhere.</returns>
    public ValueTask<bool> ReadAsync(int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length - offset, nameof(destination));
        if (offset % BlockSize != 0)
        {
            throw new ArgumentException("Reads begin where a block does.", nameof(offset));
        }

        if (destination.Length % BlockSize != 0 && offset + destination.Length != Length)
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
