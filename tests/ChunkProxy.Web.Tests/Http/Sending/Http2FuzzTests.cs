using System.Buffers.Binary;
using System.Net.Sockets;
using ChunkProxy.Testing.Fuzzing;
using ChunkProxy.Web.Hosting;
using ChunkProxy.Web.Tests.Hosting;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>Damaged HTTP/2 frames on the port for clients: every connection ends, nothing is held afterwards, and other clients get their bytes.</summary>
public sealed class Http2FuzzTests : IAsyncLifetime
{
    private const int ChunkSize = 64 * 1024;
    private const int Streams = 8;
    private const int LastStream = 1001;
    private const int MostTracked = 100; // the server counts cancelled requests until they have ended

    private FrontEndHost _host = null!;
    private FakeObject _film = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await FrontEndHost.StartAsync(
            options => (options.LendMemory, options.Http2Streams) = (false, Streams), listen: static listener => listener.UseHttp2());
        _film = _host.Reader.Add(FakeObject.Film((2 * ChunkSize) - 77, ChunkSize, new ChunkScript { IsHot = true }));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Connection_AnyFrames_EndsAndOthersAreServed()
    {
        byte[] settings = RawHttp2.Frame(RawHttp2.Settings, 0, 0, [0, 4, 0, 0, 0, 10, 0, 5, 0, 0, 0x40, 0]); // a window of 10 bytes, frames of 16 KiB
        byte[] get = RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 1, RawHttp2.GetBlock("/film"));
        byte[] post = RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndHeaders, 3, [0x83, 0x86, 0x04, 5, .. "/film"u8, 0x01, 4, .. "test"u8]);
        byte[] second = RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, 3, RawHttp2.GetBlock("/film"));
        byte[][] seeds =
        [
            [.. RawHttp2.Preface, .. settings, .. get, .. Allow(0), .. Allow(1)],
            [.. RawHttp2.Preface, .. settings, .. get, .. RawHttp2.Frame(RawHttp2.Reset, 0, 1, [0, 0, 0, 8]), .. second],
            [.. RawHttp2.Preface, .. settings, .. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream, 1, [0x82, 0x86]), .. RawHttp2.Frame(RawHttp2.Continuation, RawHttp2.EndHeaders, 1, [0x04, 5, .. "/film"u8, 0x01, 4, .. "test"u8])],
            [.. RawHttp2.Preface, .. settings, .. post, .. RawHttp2.Frame(RawHttp2.Data, 0, 3, "body"u8), .. RawHttp2.Frame(RawHttp2.Data, RawHttp2.EndStream, 3, "end"u8)],
            [.. RawHttp2.Preface, .. settings, .. RawHttp2.Frame(RawHttp2.Priority, 0, 5, [0, 0, 0, 1, 16]), .. RawHttp2.Frame(RawHttp2.Ping, 0, 0, new byte[8]), .. get],
            [.. RawHttp2.Preface, .. settings, .. get, .. RawHttp2.Frame(RawHttp2.Settings, 0, 0, [0, 1, 0, 0, 0, 0, 0, 4, 0, 0, 0xff, 0xff]), .. Allow(1), .. RawHttp2.Frame(RawHttp2.GoAway, 0, 0, new byte[8])],
        ];

        Fuzz.Bytes(seeds, Send, isSlow: true);

        await _host.Reader.AllLeasesReturnedAsync();
        Assert.InRange(_host.Reader.MostLeases, 1, MostTracked);
        using var connection = await RawHttp2.OpenAsync(_host.Port, window: _film.Content.Length);
        await connection.AllowAsync(0, _film.Content.Length);
        await connection.GetAsync(1, "/film");
        Assert.Equal(_film.Content, await connection.ReadBodyAsync(1));
    }

    private static byte[] Allow(int stream) => RawHttp2.Frame(RawHttp2.WindowUpdate, 0, stream, [0, 0, 0x10, 0]);

    private void Send(byte[] frames)
    {
        using var client = new TcpClient("127.0.0.1", _host.Port);
        var stream = client.GetStream();
        try
        {
            stream.Write([.. frames, .. RawHttp2.Frame(RawHttp2.Headers, RawHttp2.EndStream | RawHttp2.EndHeaders, LastStream, RawHttp2.GetBlock("/film"))]);
            client.ReceiveTimeout = 50; // milliseconds: a damaged frame may swallow the last request, and nothing signals that
            ReadUntilAnswered(stream);
        }
        catch (IOException)
        {
            // not answered, or the server has closed the connection
        }

        try
        {
            client.Client.Shutdown(SocketShutdown.Send);
            client.ReceiveTimeout = 20_000;
            var buffer = new byte[16 * 1024];
            while (stream.Read(buffer) > 0)
            {
            }
        }
        catch (Exception e) when ((e as SocketException ?? e.InnerException) is SocketException { SocketErrorCode: not (SocketError.TimedOut or SocketError.WouldBlock) })
        {
            // the server has closed the connection before it was read to its end
        }
    }

    private static void ReadUntilAnswered(NetworkStream stream)
    {
        var head = new byte[9];
        do
        {
            stream.ReadExactly(head);
            stream.ReadExactly(new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8]);
        }
        while (head[3] is not (RawHttp2.Headers or RawHttp2.Reset) || BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) != LastStream);
    }
}
