using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Writes large files past the page cache (<c>O_DIRECT</c>): aligned memory without a copy, other memory through a small aligned buffer.</summary>
/// <remarks>
/// A new chunk is in the memory tier already, so its pages in the page cache would hold it twice. Direct writes take an eighth of the processor time
/// (docs/performance-log.md). Linux only, and not on every file system. Elsewhere nothing is written here, and the caller writes as usual.
/// </remarks>
internal sealed partial class DirectWrites
{
    /// <summary>Shorter files go through the page cache: there, padding and a second system call cost more than the copy.</summary>
    internal const int ShortestFile = 64 * 1024;

    /// <summary>Alignment of memory, offsets and lengths in bytes: the largest block size of common disks.</summary>
    internal const int Alignment = 4096;

    internal const int BufferSize = 256 * 1024;

    private const int SetFlags = 4; // F_SETFL
    private const int EINVAL = 22;

    // O_DIRECT in the kernel's headers; other processors are not known here.
    private static readonly int Direct = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x4000,
        Architecture.Arm64 => 0x10000,
        _ => 0,
    };

    private volatile bool _isUnsupported = !OperatingSystem.IsLinux() || Direct == 0;
    private byte[]? _buffer; // pinned; rented by exchange, so any number of threads may write

    /// <summary>Returns a length rounded up to <see cref="Alignment"/>.</summary>
    internal static int RoundUp(int length) => (length + Alignment - 1) / Alignment * Alignment;

    /// <summary>Writes the concatenated parts from the beginning of the file on. Returns false if the file is to be written in the usual way.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public bool TryWrite(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        var length = parts.Sum(part => (long)part.Length);
        if (_isUnsupported || length < ShortestFile || !TrySetFlags(file, Direct))
        {
            return false;
        }

        var buffer = Interlocked.Exchange(ref _buffer, null) ?? GC.AllocateUninitializedArray<byte>(BufferSize + Alignment, pinned: true);
        try
        {
            Write(file, parts, length, Aligned(buffer));
            return true;
        }
        catch (IOException e) when (e.HResult == EINVAL) // the file system accepts the flag, and then not the alignment
        {
            _isUnsupported = true;
            TrySetFlags(file, 0);
            RandomAccess.SetLength(file, 0);
            return false;
        }
        finally
        {
            _buffer = buffer;
        }
    }

    private static void Write(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> parts, long length, Memory<byte> buffer)
    {
        var (written, used) = (0L, 0);
        foreach (var part in parts)
        {
            var rest = part;
            if (used % Alignment == 0 && IsAligned(rest))
            {
                var whole = rest[..(rest.Length / Alignment * Alignment)];
                RandomAccess.Write(file, [buffer[..used], whole], written);
                written += used + whole.Length;
                used = 0;
                rest = rest[whole.Length..];
            }

            while (!rest.IsEmpty)
            {
                var count = Math.Min(rest.Length, buffer.Length - used);
                rest[..count].CopyTo(buffer[used..]);
                rest = rest[count..];
                used += count;
                if (used == buffer.Length)
                {
                    RandomAccess.Write(file, buffer.Span, written);
                    written += used;
                    used = 0;
                }
            }
        }

        if (used > 0)
        {
            var padded = RoundUp(used);
            buffer.Span[used..padded].Clear();
            RandomAccess.Write(file, buffer.Span[..padded], written);
        }

        if (length % Alignment != 0)
        {
            RandomAccess.SetLength(file, length);
        }
    }

    // Memory of an array may move before it is written.
    private static unsafe bool IsAligned(ReadOnlyMemory<byte> memory)
    {
        if (memory.Length < Alignment || MemoryMarshal.TryGetArray(memory, out _))
        {
            return false;
        }

        fixed (byte* start = memory.Span)
        {
            return (nuint)start % Alignment == 0;
        }
    }

    private static Memory<byte> Aligned(byte[] pinned)
    {
        var address = (nuint)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0);
        return pinned.AsMemory((int)((Alignment - (address % Alignment)) % Alignment), BufferSize);
    }

    private bool TrySetFlags(SafeFileHandle file, int flags)
    {
        if (SetFileFlags(file, SetFlags, flags) == 0)
        {
            return true;
        }

        _isUnsupported = true;
        return false;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int SetFileFlags(SafeFileHandle file, int command, int flags);
}
