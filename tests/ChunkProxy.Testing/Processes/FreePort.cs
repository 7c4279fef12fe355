using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChunkProxy.Testing.Processes;

/// <summary>Ports for servers that cannot pick one themselves, or that must come back on the port they had.</summary>
public static class FreePort
{
    // Below 32768 the kernel gives no port to outgoing connections, so none is lost to one between a server's stop and its start.
    private const int First = 12_000;
    private const int Last = 32_000;

    // A server that was stopped comes back to the port it had: nobody else in this process may have drawn that meanwhile.
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>Returns a port that nobody listened on a moment ago, a new one each time. Another process may be faster: callers try again.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Last);
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                if (Given.TryAdd(port, true))
                {
                    return port;
                }
            }
            catch (SocketException)
            {
                // Taken: draw again.
            }
        }
    }

    /// <summary>Listens on a free port of loopback.</summary>
    public static TcpListener Listen()
    {
        while (true)
        {
            var listener = new TcpListener(IPAddress.Loopback, Next());
            try
            {
                listener.Start();
                return listener;
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }
    }
}
