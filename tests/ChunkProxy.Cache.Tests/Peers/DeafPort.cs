using System.Net;
using System.Net.Sockets;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>A port that answers no attempt to connect, like a host that is gone: its queue is full, so the kernel drops what arrives.</summary>
internal sealed class DeafPort : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _queued = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public DeafPort()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(backlog: 0); // room for one
        _queued.Connect(_listener.LocalEndPoint!);
    }

    /// <summary>The port as the id of a member.</summary>
    public string Id => _listener.LocalEndPoint!.ToString()!;

    public void Dispose()
    {
        _queued.Dispose();
        _listener.Dispose();
    }
}
