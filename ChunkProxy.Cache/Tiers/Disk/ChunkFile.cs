using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>An open chunk file with a verified header. Reference-counted: the last release closes it.</summary>
/// <param name="handle">The file.</param>
/// <param name="headerLength">Length of the header in bytes.</param>
/// <param name="checksums">The checksums of the blocks.</param>
/// <param name="tags">The tags of the response that brought the chunk.</param>
/// <param name="open">Has a place for the file, which the last release gives back.</param>
internal sealed class ChunkFile(SafeFileHandle handle, int headerLength, BlockChecksums checksums, ObjectTags tags, OpenHandles open)
{
    private RefCount _references = RefCount.One();
    private volatile bool _isDamaged;

    public SafeFileHandle Handle => handle;

    /// <summary>Length of the header in bytes. The chunk follows it.</summary>
    public int HeaderLength => headerLength;

    public BlockChecksums Checksums => checksums;

    /// <summary>The tags of the response that brought the chunk.</summary>
    public ObjectTags Tags => tags;

    /// <inheritdoc cref="OpenHandles.MayStay"/>
    public bool MayStay => open.MayStay;

    /// <summary>A block failed its checksum. No further byte of the file is served.</summary>
    public bool IsDamaged
    {
        get => _isDamaged;
        set => _isDamaged = value;
    }

    /// <summary>Opens a chunk's file with one reference, held by the caller. Returns null when the header is not the expected one.</summary>
    /// <param name="files">Opens and reads files.</param>
    /// <param name="path">The file.</param>
    /// <param name="chunk">The chunk that it is to contain.</param>
    /// <param name="open">Has a place for the file, which the caller took. The file owns it from now on, if one is returned.</param>
    /// <exception cref="IOException">The file does not exist, or the disk failed.</exception>
    public static ChunkFile? TryOpen(IDiskFiles files, string path, Chunk chunk, OpenHandles open)
    {
        var handle = files.Open(path);
        ChunkFile? file = null;
        try
        {
            return file = Verify(files, handle, chunk, open);
        }
        finally
        {
            if (file is null)
            {
                handle.Dispose();
            }
        }
    }

    /// <summary>Takes a reference. Returns false after the last one was released.</summary>
    public bool TryRetain() => _references.TryRetain();

    /// <summary>Releases a reference. The last release closes the file.</summary>
    /// <exception cref="InvalidOperationException">More references were released than taken.</exception>
    public void Release()
    {
        if (_references.Release())
        {
            handle.Dispose();
            open.Leave();
        }
    }

    private static ChunkFile? Verify(IDiskFiles files, SafeFileHandle handle, Chunk chunk, OpenHandles open)
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
            return files.Read(handle, header, 0) == header.Length && ChunkFileHeader.TryDecode(header, chunk) is var (checksums, tags)
                ? new ChunkFile(handle, header.Length, checksums, tags, open)
                : null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
