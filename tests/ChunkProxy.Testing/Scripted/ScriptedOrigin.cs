using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Scripted;

/// <summary>An HTTP/1.1 origin in the test's own process: objects of any size, every fault an origin can have, and a record of all it was asked.</summary>
/// <remarks>
/// On plain sockets, not on a web server: it must be able to lie about lengths, break off anywhere and speak garbage, and it
/// must know how much it has sent. The kernel keeps little for a client that does not read, so that what a client left unread costs little.
/// </remarks>
public sealed class ScriptedOrigin : IAsyncDisposable
{
    private const int SendBuffer = 64 * 1024;

    private readonly TimeProvider _time;
    private readonly ChangeSignal _changed = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ScriptedObject> _objects = new();
    private readonly ConcurrentDictionary<Socket, Task> _open = new();
    private TcpListener _listener;
    private Task _accepting;
    private int _connections;

    private ScriptedOrigin(TimeProvider time)
    {
        _time = time;
        _listener = FreePort.Listen();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(_listener);
    }

    public int Port { get; }

    /// <summary>With a slash at its end.</summary>
    public Uri BaseAddress => new($"http://127.0.0.1:{Port}/");

    /// <summary>Connections accepted so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public int OpenConnections => _open.Count;

    /// <summary>All requests, in no order across objects; paths that were never added included (they got 404).</summary>
    public IReadOnlyList<OriginRequest> Requests => [.. _objects.Values.SelectMany(it => it.Requests)];

    public long BodyBytesSent => Requests.Sum(request => request.BodyBytesSent);

    /// <summary>Starts an origin; <paramref name="time"/> paces the answers that have a rate.</summary>
    public static ScriptedOrigin Start(TimeProvider? time = null) => new(time ?? TimeProvider.System);

    /// <summary>Puts an object at a path ("/film.mp4", with the query if requests carry one).</summary>
    public ScriptedObject Add(string path, OriginAnswer answer) => _objects[path] = new ScriptedObject(_changed, path, answer);

    /// <summary>An honest object of made-up bytes.</summary>
    public ScriptedObject Add(string path, long size, long seed = 1) => Add(path, new OriginAnswer { Size = size, Seed = seed });

    /// <summary>Waits until the condition holds; it is looked at each time that a request or connection comes, advances or ends.</summary>
    public Task UntilAsync(Func<ScriptedOrigin, bool> holds, string what, CancellationToken cancellationToken) =>
        _changed.UntilAsync(() => holds(this), what, cancellationToken);

    /// <summary>Resets all connections and refuses new ones, until <see cref="Listen"/>.</summary>
    public async Task RefuseAsync()
    {
        _listener.Dispose();
        await _accepting; // a connection accepted last is among those reset
        ResetConnections();
    }

    /// <summary>Listens again on the port it had.</summary>
    public void Listen()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public void ResetConnections()
    {
        foreach (var socket in _open.Keys)
        {
            socket.Close(0);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await RefuseAsync();
        await Task.WhenAll(_open.Values);
        _stop.Dispose();
    }

    internal OriginAnswer AnswerTo(OriginRequest request) =>
        _objects.GetOrAdd(request.Path, path => new ScriptedObject(_changed, path, new OriginAnswer { Status = HttpStatusCode.NotFound })).AnswerTo(request);

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync(_stop.Token);
                socket.NoDelay = true;
                socket.SendBufferSize = SendBuffer;
                var number = Interlocked.Increment(ref _connections);
                _open[socket] = Task.CompletedTask;
                _open.TryUpdate(socket, ServeAsync(socket, number), Task.CompletedTask); // unless it is over and gone already
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Refused from now on: closed while it accepted, or before it could.
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        try
        {
            await new OriginConnection(socket, number, this, _changed, _time, _stop.Token).ServeAsync();
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client went away, or this origin did.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
            _changed.Raise();
        }
    }
}
