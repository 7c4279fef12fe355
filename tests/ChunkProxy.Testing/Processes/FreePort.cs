using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ChunkProxy.Testing.Processes;

/// <summary>Ports for servers that cannot choose one themselves, or that must restart on the same port.</summary>
public static class FreePort
{
    // The kernel assigns no port below 32768 to outgoing connections, so none takes a server's port between its stop and its start.
    private const int First = 12_000;
    private const int Last = 32_000;

    // A stopped server restarts on its port, so no other caller in this process may have drawn that port meanwhile.
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>Returns a port that is free now, a new one each time. Another process may take it first; then callers must retry.</summary>
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
