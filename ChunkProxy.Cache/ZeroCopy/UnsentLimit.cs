using System.Net.Sockets;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Limits the unsent bytes in sockets' send buffers: <c>TCP_NOTSENT_LOWAT</c>.</summary>
/// <remarks>
/// Bytes in flight do not count, so the limit suits paths of any length. Without it Linux buffers up to <c>tcp_wmem</c>, here 4 MiB, per slow client,
/// and bytes that wait there have left the processor's caches when they are sent. With 1 MiB, whole films at 16 and 64 connections were
/// 1.2 × as fast (docs/performance-log.md).
/// <para>
/// All sockets of the machine share the memory for their buffers. When it runs short (<c>tcp_mem</c>), the kernel gives each connection less, and
/// reads of fast clients take twice as long. Therefore the limit falls with the number of connections.
/// </para>
/// </remarks>
/// <param name="memory">Memory of the machine or the container in bytes. The limits of all connections are about a hundredth of it: Linux runs short at a sixteenth.</param>
internal sealed class UnsentLimit(long memory)
{
    /// <summary>One call still sends a range of 1 MiB, the default chunk size.</summary>
    public const int Most = 1024 * 1024;

    /// <summary>The unit of sends to slow clients.</summary>
    public const int Least = 64 * 1024;

    private const int Tcp = 6; // IPPROTO_TCP
    private const int NotSentLowWater = 25; // TCP_NOTSENT_LOWAT

    private int _connections;

    /// <summary>Counts a connection and limits it.</summary>
    public void Open(Socket socket)
    {
        var bytes = (int)Math.Clamp(memory / 100 / Interlocked.Increment(ref _connections), Least, Most);
        if (!OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
        {
            return;
        }

        try
        {
            socket.SetRawSocketOption(Tcp, NotSentLowWater, BitConverter.GetBytes(bytes));
        }
        catch (SocketException)
        {
            // The system does not support the option, or the client disconnected: costs speed only.
        }
    }

    /// <summary>Counts a connection no longer.</summary>
    public void Close() => Interlocked.Decrement(ref _connections);
}
