using System.Net;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A member that answers pings and sends wrong chunks. It asks a correct member first, so that it can change any detail.</summary>
internal sealed class FakeMember : IAsyncDisposable
{
    private readonly TcpListener _listener = FreePort.Listen();
    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly string _honest;
    private readonly Func<HonestAnswer, IEnumerable<ReadOnlyMemory<byte>>> _lie;
    private readonly bool _standsStill;
    private readonly Task _accepting;
    private int _lies;

    /// <param name="honest">Pool address of a correct member.</param>
    /// <param name="lie">Returns the bytes to send instead of the correct response.</param>
    /// <param name="standsStill">Whether to send nothing more after these bytes, and leave the connection open.</param>
    public FakeMember(string honest, Func<HonestAnswer, IEnumerable<ReadOnlyMemory<byte>>> lie, bool standsStill = false)
    {
        _honest = honest;
        _lie = lie;
        _standsStill = standsStill;
        _accepting = _listener.ServeEachAsync(socket => _ = ServeAsync(socket), _stop.Token);
    }

    public string Id => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How often it was asked for a chunk.</summary>
    public int Lies => Volatile.Read(ref _lies);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var head = await ReadHeadAsync(stream);
            var path = head[0].Split(' ')[1];
            var onlyIfCached = head.Any(line => line.StartsWith("Pool-Only-If-Cached", StringComparison.OrdinalIgnoreCase));
            if (path != "/pool/v1/chunk" || onlyIfCached)
            {
                var status = path == "/pool/v1/ping" ? "200 OK" : "204 No Content";
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nConnection: close\r\n{(path == "/pool/v1/ping" ? "Content-Length: 0\r\n" : "")}\r\n"), _stop.Token);
                return;
            }

            var honest = await AskAsync(path, head[1..]);
            Interlocked.Increment(ref _lies);
            foreach (var bytes in _lie(honest))
            {
                await stream.WriteAsync(bytes, _stop.Token);
            }

            if (_standsStill)
            {
                await stream.ReadExactlyAsync(new byte[1], _stop.Token); // until the client gives up
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client gave up.
        }
    }

    private async Task<HonestAnswer> AskAsync(string path, IEnumerable<string> fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri($"http://{_honest}{path}"));
        foreach (var field in fields.Select(line => line.Split(": ", 2)).Where(field => field[0].StartsWith("Pool-", StringComparison.OrdinalIgnoreCase)))
        {
            request.Headers.TryAddWithoutValidation(field[0], field[1]);
        }

        using var answer = await _http.SendAsync(request, _stop.Token);
        answer.EnsureSuccessStatusCode();
        return new HonestAnswer(answer.Headers.GetValues("Pool-Key-Of-Chunk").Single(), await answer.Content.ReadAsByteArrayAsync(_stop.Token));
    }

    private async Task<string[]> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        return head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }
}
