using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>One send of two pieces of memory that lie apart: a head and a chunk go out in one packet train, and neither is copied.</summary>
/// <remarks>Linux only; elsewhere nothing is sent, and the caller goes on with the sends that every system has.</remarks>
internal static unsafe partial class GatherSend
{
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int WouldBlock = 11;

    /// <summary>Sends as much as the socket takes at this moment.</summary>
    /// <returns>Bytes sent, 0 if there is no room; null if the connection is not to be written to any more.</returns>
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
                // Through the handle, which counts this call: closed meanwhile, its number could be another connection's by now.
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
