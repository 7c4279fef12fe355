using System.Net;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Pool;

/// <summary>A cache service as a process, whose pool port gets any bytes, and a front end in this process that reads through it.</summary>
internal sealed class FuzzedMember : IAsyncDisposable
{
    private const string Key = "a secret of the cluster";
    private const int Size = 3 * MiB;
    private const long MostGrowth = 64 * MiB;
    private const int InputsBetweenChecks = 20_000;

    private static readonly string[] Reading =
        [PoolProtocol.ChunkPath, PoolProtocol.ObjectPath, PoolProtocol.PingPath, PoolProtocol.StatusPath, PoolProtocol.MapPath, PoolProtocol.PurgesPath];

    private readonly ScriptedOrigin _origin;
    private readonly CacheService _process;
    private readonly int _port;
    private readonly MacKeys _keys = new KeyRing([new SharedSecret(Key)]).KeysFor(KeyPurpose.Request)!;
    private readonly UInt128 _sender = BitConverter.ToUInt128(Guid.NewGuid().ToByteArray());
    private readonly byte[] _answer = new byte[64 * 1024];
    private long _residentAtBegin;
    private long _inputs;

    private FuzzedMember(ScriptedOrigin origin, CacheService process, int port)
    {
        (_origin, _process, _port) = (origin, process, port);
        Version = TestChunks.Version("/film", Size, MiB).Token;
    }

    /// <summary>The token of a version, for chunk requests.</summary>
    public string Version { get; }

    /// <summary>The origin's requests before the first input.</summary>
    public int RequestsAtBegin { get; private set; }

    private string Id => $"127.0.0.1:{_port}";

    public static async Task<FuzzedMember> StartAsync(ScriptedOrigin origin, CancellationToken cancellationToken)
    {
        origin.Add("/film", new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "max-age=86400"));
        var port = FreePort.Next();
        var process = await CacheService.StartAsync(
            [
                ("Url", origin.BaseAddress.ToString()), ("PoolAddr", $"127.0.0.1:{port}"), ("PoolPeers", $"127.0.0.1:{port}"), ("PoolKey", Key),
                ("DiskSize", "0"), ("MemorySize", "64MiB"),
            ],
            cancellationToken);
        return new FuzzedMember(origin, process, port);
    }

    /// <summary>The heads of one request of each kind, without proofs.</summary>
    public static string[] Heads(string version)
    {
        var film = "Pool-Object: /film\r\nPool-Epoch: 1\r\n";
        return
        [
            $"GET {PoolProtocol.ChunkPath} HTTP/1.1\r\n{film}Pool-Version: {version}\r\nPool-Chunk: 1\r\nPool-Slice: 0-65536\r\nPool-Client: 0123456789abcdef\r\n",
            $"GET {PoolProtocol.ChunkPath} HTTP/1.1\r\n{film}Pool-Version: {version}\r\nPool-Chunk: 2\r\nPool-Slice: 5-1048576\r\nPool-Only-If-Cached: 1\r\n",
            $"GET {PoolProtocol.ObjectPath} HTTP/1.1\r\n{film}Pool-First-Byte: 1048577\r\nPool-Request-Fields: QWNjZXB0OiAqLyo=\r\nPool-Generation: 0\r\n",
            $"GET {PoolProtocol.ObjectPath} HTTP/1.1\r\nPool-Object: /other?a=1&b=2\r\nPool-Query: b=2&a=1&c=3\r\n",
            $"GET {PoolProtocol.PingPath} HTTP/1.1\r\n{film}Pool-Chunk: 0\r\nPool-First-Byte: 0\r\nPool-Bytes: 100\r\n",
            $"GET {PoolProtocol.StatusPath} HTTP/1.1\r\n",
            $"GET {PoolProtocol.MapPath} HTTP/1.1\r\n{film}",
            $"GET {PoolProtocol.PurgesPath} HTTP/1.1\r\nPool-After: 17.3\r\nPool-Listener: one\r\n",
            $"POST {PoolProtocol.PurgesPath} HTTP/1.1\r\n{film}",
            $"POST {PoolProtocol.OfferPath} HTTP/1.1\r\nPool-Object: 127.0.0.1:1\r\n",
            $"POST {PoolProtocol.WarmPath} HTTP/1.1\r\n{film}Pool-Version: {version}\r\nPool-Chunk: 0\r\n",
            $"POST {PoolProtocol.DrainPath} HTTP/1.1\r\n",
        ];
    }

    /// <summary>Returns the head as a request that only reads and does not wait; null if it has no path of the pool.</summary>
    public static string? ReadOnly(string head)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return Array.Find(Reading, path => lines is [var first, ..] && first.Contains(path, StringComparison.Ordinal)) is not { } path
            ? null
            : string.Concat(
                lines.Skip(1).Where(line => line.StartsWith("Pool-", StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal)
                        && !line.StartsWith(PoolProtocol.Wait, StringComparison.Ordinal) && !line.AsSpan().ContainsAny('\r', '\n', '\0'))
                    .Prepend($"GET {path} HTTP/1.1")
                    .Select(line => $"{line}\r\n"));
    }

    /// <summary>Returns the request with a proof over what the head contains.</summary>
    public byte[] Prove(string head, long number)
    {
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var start = lines[0].Split(' ');
        var sender = PoolProof.Write(_sender, number, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
        var text = new MacText(stackalloc byte[1024]);
        PoolProof.AddRequest(ref text, start[0], start[1], Id, sender, name => FieldOf(lines, name));
        var proof = PoolProof.Write(sender, _keys.Current.Sign(text.Written));
        text.Dispose();
        return Encoding.Latin1.GetBytes($"{head}Host: {Id}\r\nConnection: close\r\n{PoolProof.Field}: {proof}\r\n\r\n");
    }

    /// <summary>Reads the film through the process for the first time.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        _residentAtBegin = _process.ResidentBytes;
        RequestsAtBegin = _origin.Requests.Count;
    }

    /// <summary>Sends bytes, and nothing after them. Returns when the process has closed the connection.</summary>
    public void SendRaw(byte[] bytes) => Send(bytes, endsThere: true);

    /// <summary>Sends a whole request. Returns when the process has closed the connection after its answer.</summary>
    public void SendProven(byte[] bytes) => Send(bytes, endsThere: false);

    /// <summary>Checks that the process lives, has not grown, and still has the right bytes.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        Assert.False(_process.HasExited, _process.Output);
        await ReadAsync(cancellationToken);
        Assert.True(_process.ResidentBytes - _residentAtBegin < MostGrowth, $"{_residentAtBegin >> 20} MiB before, {_process.ResidentBytes >> 20} MiB after");
        Assert.DoesNotContain("Unhandled exception", _process.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unexpected error", _process.Output, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string? FieldOf(string[] lines, string name)
    {
        var values = lines.Skip(1).Select(line => line.Split(':', 2)).Where(field => field[0].Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return values.Count == 0 ? null : values.Count == 1 ? values[0][1].Trim(' ', '\t') : "\0";
    }

    private void Send(byte[] bytes, bool endsThere)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = (int)Patience.Limit.TotalMilliseconds };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, _port));
        try
        {
            socket.Send(bytes);
            if (endsThere)
            {
                socket.Shutdown(SocketShutdown.Send);
            }

            while (socket.Receive(_answer) > 0)
            {
            }
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.NotConnected)
        {
            // The process closed the connection before it had read everything.
        }

        if (++_inputs % InputsBetweenChecks == 0)
        {
            Task.Run(() => CheckAsync(CancellationToken.None)).GetAwaiter().GetResult();
        }
    }

    // Every byte, through the process: a fallback to the origin would be counted as such.
    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var membership = new ScriptedMembership(self: null);
        await using var frontEnd = new Engine(
            _origin,
            time: null,
            membership,
            [("PoolAddr", "none"), ("PoolKey", Key), ("Coord", "http://127.0.0.1:1"), ("Peers:Silence", "00:00:20"), ("Peers:PingTimeout", "00:00:20"), ("Peers:ConnectTimeout", "00:00:20")]);
        membership.Set(Id);
        await frontEnd.ReadAsync("/film", ByteRange.Whole(Size), cancellationToken);
        Assert.Equal(3, frontEnd.Metrics.ReadsFrom(ChunkSource.Peer) + frontEnd.Metrics.ReadsFrom(ChunkSource.PeerOrigin));
    }
}
