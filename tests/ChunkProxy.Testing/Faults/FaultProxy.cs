using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Faults;

/// <summary>A TCP proxy on loopback that simulates network faults between two processes.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private const int BlockSize = 16 * 1024;

    private static readonly TimeSpan TrickledBlock = TimeSpan.FromSeconds(BlockSize * 8 / 1e6);

    private readonly TcpListener _listener = FreePort.Listen();
    private readonly IPEndPoint _target;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _sockets = new();
    private readonly ChangeSignal _changed = new();
    private readonly Task _accepting;
    private volatile FaultMode _mode;
    private long _downstreamBudget = long.MaxValue;
    private long _downstreamBytes;

    private FaultProxy(int targetPort)
    {
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        _accepting = _listener.ServeEachAsync(client => _ = ServeAsync(client), _stop.Token);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Bytes from the target that were forwarded to clients.</summary>
    public long DownstreamBytes => Interlocked.Read(ref _downstreamBytes);

    public FaultMode Mode
    {
        get => _mode;
        set
        {
            _mode = value;
            if (value == FaultMode.Reset)
            {
                ResetAll();
            }

            _changed.Raise();
        }
    }

    /// <summary>Starts a proxy for the target, on a new port.</summary>
    public static FaultProxy Start(int targetPort) => new(targetPort);

    /// <summary>Resets every open connection once the target has sent this many more bytes. Later connections are forwarded.</summary>
    public void CutAfter(long bytes) => Interlocked.Exchange(ref _downstreamBudget, bytes);

    /// <summary>Completes when the target has sent this many bytes.</summary>
    public Task WhenDownstreamAsync(long bytes, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => DownstreamBytes >= bytes, $"{bytes} bytes through the fault proxy", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        ResetAll();
        await _accepting;
        _stop.Dispose();
    }

    private static void Reset(Socket socket)
    {
        // Linger 0 makes the close a reset.
        socket.Close(0);
    }

    private void ResetAll()
    {
        foreach (var socket in _sockets.Keys)
        {
            Reset(socket);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets[client] = true;
        _sockets[server] = true;
        try
        {
            if (_mode == FaultMode.Reset)
            {
                return;
            }

            await server.ConnectAsync(_target, _stop.Token);
            await Task.WhenAll(CopyAsync(client, server, isDownstream: false), CopyAsync(server, client, isDownstream: true));
            client.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side closed or was reset. The reset below informs the other side.
        }
        finally
        {
            _sockets.TryRemove(client, out _);
            _sockets.TryRemove(server, out _);
            Reset(client);
            Reset(server);
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isDownstream)
    {
        var buffer = new byte[BlockSize];
        while (await from.ReceiveAsync(buffer, _stop.Token) is var read and > 0)
        {
            await PassAsync();
            if (isDownstream && _mode == FaultMode.Trickle)
            {
                await Task.Delay(TrickledBlock, TimeProvider.System, _stop.Token);
            }

            if (isDownstream && Interlocked.Add(ref _downstreamBudget, -read) < 0)
            {
                Interlocked.Exchange(ref _downstreamBudget, long.MaxValue);
                ResetAll();
            }

            if (isDownstream)
            {
                // Count before sending, so that a receiver never sees bytes that are not counted.
                Interlocked.Add(ref _downstreamBytes, read);
                _changed.Raise();
            }

            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _stop.Token);
            }
        }

        await PassAsync(); // a stall delays the end of the stream too
        to.Shutdown(SocketShutdown.Send);
    }

    // A stall has no time limit. The test or the proxy's disposal ends it.
    private async Task PassAsync()
    {
        while (_mode == FaultMode.Stall)
        {
            try
            {
                await _changed.UntilAsync(() => _mode != FaultMode.Stall, "the stall to end", _stop.Token);
            }
            catch (TimeoutException)
            {
                // Still stalled.
            }
        }
    }
}
