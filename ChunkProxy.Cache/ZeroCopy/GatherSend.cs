using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Sends two separate memory areas with one call: a head and a chunk share packets, and neither is copied.</summary>
/// <remarks>Linux only. On other systems it sends nothing, and the caller uses the portable sends.</remarks>
internal static unsafe partial class GatherSend
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    /// <summary>Sends as much as the socket accepts without blocking.</summary>
    /// <returns>Bytes sent, 0 if the socket buffer is full, null if the connection is closed or broken.</returns>
    public static int? TrySend(SafeSocketHandle socket, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!OperatingSystem.IsLinux())
        {
            return 0;
        }

        fixed (byte* firstStart = first, secondStart = second)
        {
            var pieces = stackalloc Piece[]
            {
                new Piece { Start = firstStart, Length = (nuint)first.Length },
                new Piece { Start = secondStart, Length = (nuint)second.Length },
            };
            var message = new Message { Pieces = pieces, Count = 2 };
            return TrySend(socket, &message);
        }
    }

    private static int? TrySend(SafeSocketHandle socket, Message* message)
    {
        try
        {
            while (true)
            {
                // Through the SafeHandle, which counts this call: after a concurrent close the raw descriptor could belong to another connection.
                var sent = SendMessage(socket, message, DontWait | NoSignal);
                if (sent >= 0)
                {
                    return (int)sent;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Interrupted:
                        continue;
                    case WouldBlock:
                        return 0;
                    default:
                        return null;
                }
            }
        }
        catch (ObjectDisposedException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(SafeSocketHandle socket, Message* message, int flags);

    // struct iovec
    private struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    // struct msghdr
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
