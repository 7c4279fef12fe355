using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A chunk on disk, open for reading. It stays readable after the tier evicts it.</summary>
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

    /// <summary>Length of the chunk in bytes.</summary>
    public int Length => Chunk.Length;

    /// <summary>Bytes per checksum in this file, and the unit of reads: <see cref="DiskTier.BlockSize"/>.</summary>
    public int BlockSize => File.Checksums.BlockSize;

    /// <summary>Whether the file may stay open until the next read, which may be a slow client's. False: close it, and open it again then.</summary>
    internal bool MayStay => File.MayStay;

    internal Chunk Chunk { get; }

    internal ChunkFile File { get; }

    /// <summary>Null when the file was opened before the scan reached it.</summary>
    internal DiskEntry? Entry { get; }

    /// <summary>Reads blocks into <paramref name="destination"/> and verifies their checksums.</summary>
    /// <remarks>Completes synchronously when the page cache has the bytes.</remarks>
    /// <param name="offset">Offset in the chunk, a multiple of <see cref="BlockSize"/>.</param>
    /// <param name="destination">Its length is a multiple of <see cref="BlockSize"/>, or it ends at the end of the chunk.</param>
    /// <param name="cancellationToken">Cancels a read that has not begun. A read that has begun writes to the destination until it completes.</param>
    /// <returns>False: the file was damaged or unreadable, and was deleted. The destination is undefined; use another source.</returns>
    public ValueTask<bool> ReadAsync(int offset, Memory<byte> destination, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, Length - offset, nameof(destination));
        if (offset % BlockSize != 0)
        {
            throw new ArgumentException("The offset is not a multiple of the block size.", nameof(offset));
        }

        if (destination.Length % BlockSize != 0 && offset + destination.Length != Length)
        {
            throw new ArgumentException("The read ends neither at a block boundary nor at the end of the chunk.", nameof(destination));
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
