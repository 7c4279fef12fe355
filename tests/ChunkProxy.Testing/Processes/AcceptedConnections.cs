using System.Net.Sockets;

namespace ChunkProxy.Testing.Processes;

/// <summary>The loop of a server that accepts connections until it is closed.</summary>
public static class AcceptedConnections
{
    /// <summary>Serves each connection. Returns when the listener was closed or the token cancelled, also before an accept.</summary>
    /// <param name="listener">The listener.</param>
    /// <param name="serve">Serves a connection, in the background.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public static async Task ServeEachAsync(this TcpListener listener, Action<Socket> serve, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                serve(await listener.AcceptSocketAsync(cancellationToken));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Closed: while it accepted, or before it could.
        }
    }
}
