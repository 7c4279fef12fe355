using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A chunk's file, open for reading, its header verified. Closed when the last of those who use it has let go.</summary>
internal sealed class ChunkFile(SafeFileHandle handle, int headerLength, BlockChecksums checksums)
{
    private RefCount _references = RefCount.One();
    private volatile bool _isDamaged;

    public SafeFileHandle Handle => handle;

    /// <summary>Bytes before the chunk.</summary>
    public int HeaderLength => headerLength;

    public BlockChecksums Checksums => checksums;

    /// <summary>A block was not what its checksum says: no byte of the file is believed any more.</summary>
    public bool IsDamaged
    {
        get => _isDamaged;
        set => _isDamaged = value;
    }

    /// <summary>Opens a chunk's file; the caller holds one reference. Null: its header is not the one that it ought to have.</summary>
    /// <exception cref="IOException">There is no such file, or the disk fails.</exception>
    public static ChunkFile? TryOpen(IDiskFiles files, string path, Chunk chunk)
    {
        var handle = files.Open(path);
        ChunkFile? file = null;
        try
        {
            return file = Verify(files, handle, chunk);
        }
        finally
        {
            if (file is null)
            {
                handle.Dispose();
            }
        }
    }

    /// <summary>Takes a reference, unless the last one has been given back.</summary>
    public bool TryRetain() => _references.TryRetain();

    /// <summary>Gives a reference back; after the last the file is closed.</summary>
    /// <exception cref="InvalidOperationException">More references were given back than taken.</exception>
    public void Release()
    {
        if (_references.Release())
        {
            handle.Dispose();
        }
    }

    private static ChunkFile? Verify(IDiskFiles files, SafeFileHandle handle, Chunk chunk)
    {
        var length = files.LengthOf(handle) - chunk.Length;
        if (length <= 0 || length > ChunkFileHeader.MaxLengthFor(chunk))
        {
            return null;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            var header = buffer.AsSpan(0, (int)length);
            return files.Read(handle, header, 0) == header.Length && ChunkFileHeader.TryDecode(header, chunk) is { } checksums
                ? new ChunkFile(handle, header.Length, checksums)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
