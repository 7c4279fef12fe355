using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A chunk's file, open for reading, its header verified. Closed when the last of those who use it has let go.</summary>
internal sealed class ChunkFile(SafeFileHandle handle, int headerLength, BlockChecksums checksums)
{
    private int _references = 1;
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

    /// <summary>Takes a reference, unless the last one has been given back.</summary>
    public bool TryRetain()
    {
        for (var references = Volatile.Read(ref _references); references > 0;)
        {
            var seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            handle.Dispose();
        }
    }
}
