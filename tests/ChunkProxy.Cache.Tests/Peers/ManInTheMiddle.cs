using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>A proxy between members: forwards bytes, can modify them, and records what the client side sent.</summary>
internal sealed class ManInTheMiddle : IAsyncDisposable
{
    private readonly TcpListener _listener = FreePort.Listen();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<byte[]> _sent = new();
    private readonly Task _accepting;

    public ManInTheMiddle() => _accepting = _listener.ServeEachAsync(socket => _ = ServeAsync(new TcpClient { Client = socket }), _stop.Token);

    public string Id => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Where the member behind this one listens.</summary>
    public int TargetPort { get; } = FreePort.Next();

    /// <summary>Modifies the bytes of the client side, piece by piece.</summary>
    public Action<Memory<byte>> ChangeRequest { get; set; } = static _ => { };

    /// <summary>Modifies the bytes of the member; receives the bytes, and the number of bytes before them on the connection.</summary>
    public Action<Memory<byte>, long> ChangeAnswer { get; set; } = static (_, _) => { };

    /// <summary>All that was sent to the member so far, connections mixed.</summary>
    public string Sent => string.Concat(_sent.Select(Encoding.ASCII.GetString));

    /// <summary>Sends bytes to the member, and returns the first line that it answers.</summary>
    public async Task<string> SendAsync(string bytes, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, TargetPort, cancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(bytes), cancellationToken);
        using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
        return await reader.ReadLineAsync(cancellationToken) ?? "";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    private async Task ServeAsync(TcpClient asker)
    {
        using var member = new TcpClient();
        using (asker)
        {
            try
            {
                await member.ConnectAsync(IPAddress.Loopback, TargetPort, _stop.Token);
                await Task.WhenAny(
                    CopyAsync(asker.GetStream(), member.GetStream(), (bytes, _) =>
                    {
                        ChangeRequest(bytes);
                        _sent.Enqueue(bytes.ToArray());
                    }),
                    CopyAsync(member.GetStream(), asker.GetStream(), (bytes, before) => ChangeAnswer(bytes, before)));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One side has had enough.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Action<Memory<byte>, long> change)
    {
        var buffer = new byte[16 * 1024];
        for (var total = 0L; await from.ReadAsync(buffer, _stop.Token) is var count and > 0; total += count)
        {
            change(buffer.AsMemory(0, count), total);
            await to.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
