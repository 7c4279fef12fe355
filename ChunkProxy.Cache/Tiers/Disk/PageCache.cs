using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Non-blocking file reads: they return bytes from the operating system's page cache, or nothing.</summary>
/// <remarks>Linux only (preadv2 with RWF_NOWAIT), and not on every file system. Elsewhere reads return nothing, and blocking reads follow.</remarks>
internal sealed unsafe partial class PageCache
{
    private const int NoWait = 8;
    private const int EINVAL = 22;
    private const int ENOSYS = 38;
    private const int EOPNOTSUPP = 95;

    private volatile bool _isSilent = !OperatingSystem.IsLinux() || !Environment.Is64BitProcess; // the P/Invoke passes a 64-bit offset

    /// <summary>Returns the number of bytes read. A fault returns 0; the blocking read that follows reports it.</summary>
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
