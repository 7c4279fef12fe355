using System.Net.Sockets;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Bounds what the system takes over from a body and keeps before it goes out: <c>TCP_NOTSENT_LOWAT</c>.</summary>
/// <remarks>
/// Bytes under way to the client do not count, so no path is too long for it. Without a limit Linux keeps up to <c>tcp_wmem</c>, here 4 MiB,
/// for each client that reads slowly, and bytes that wait there are out of the processor's caches by the time they leave: whole films at 16 and
/// 64 connections came 1.2 × as fast with it (docs/performance-log.md).
/// </remarks>
internal static class UnsentLimit
{
    /// <summary>A range of 1 MiB, the usual chunk, still goes out with one call.</summary>
    public const int Bytes = 1024 * 1024;

    private const int Tcp = 6; // IPPROTO_TCP
    private const int NotSentLowWater = 25; // TCP_NOTSENT_LOWAT

    public static void Apply(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(Tcp, NotSentLowWater, BitConverter.GetBytes(Bytes));
        }
        catch (SocketException)
        {
            // A system that does not know it, or a client that is gone already: only speed is lost.
        }
    }
}
