using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Reads of files that never wait for the disk: they bring what the operating system has in memory, or nothing.</summary>
/// <remarks>Linux only (preadv2 with RWF_NOWAIT), and not on every file system. Elsewhere nothing is ever there, and the reads that may wait bring it.</remarks>
internal sealed unsafe partial class PageCache
{
    private const int NoWait = 8;
    private const int EINVAL = 22;
    private const int ENOSYS = 38;
    private const int EOPNOTSUPP = 95;

    private volatile bool _isSilent = !OperatingSystem.IsLinux() || !Environment.Is64BitProcess; // the offset is 64 bits there

    /// <summary>Returns how many bytes it brought; any fault is nothing brought, and shows where the bytes are read in the other way.</summary>
    public int Read(SafeFileHandle file, Span<byte> destination, long offset)
    {
        if (_isSilent)
        {
            return 0;
        }

        try
        {
            fixed (byte* start = destination)
            {
                var piece = new Piece { Start = start, Length = (nuint)destination.Length };
                var count = ReadVector(file, &piece, 1, (nint)offset, NoWait);
                if (count >= 0)
                {
                    return (int)count;
                }

                _isSilent = Marshal.GetLastPInvokeError() is EINVAL or ENOSYS or EOPNOTSUPP;
            }
        }
        catch (EntryPointNotFoundException)
        {
            _isSilent = true;
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "preadv2", SetLastError = true)]
    private static partial nint ReadVector(SafeFileHandle file, Piece* pieces, int count, nint offset, int flags);

    // struct iovec
    private struct Piece
    {
        public byte* Start;
        public nuint Length;
    }
}
