using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Web.Tests.Http.Sending;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>An HTTP/2 client without TLS that sends exact frames (RFC 9113), for behaviour that no well-behaved client shows.</summary>
internal sealed class RawHttp2 : IDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte Priority = 2;
    public const byte Reset = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte GoAway = 7;
    public const byte WindowUpdate = 8;
    public const byte Continuation = 9;

    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private const byte Acknowledge = 1;
    private const ushort InitialWindowSize = 4;

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;
    private readonly SemaphoreSlim _writing = new(1); // a reader acknowledges while another task sends

    private RawHttp2(TcpClient client)
    {
        _client = client;
        _stream = client.GetStream();
    }

    /// <param name="port">The port of the server.</param>
    /// <param name="window">Bytes of each stream's body that the server may send before it is allowed more.</param>
    public static async Task<RawHttp2> OpenAsync(int port, int window)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port).Within();
        var connection = new RawHttp2(client);
        await connection._stream.WriteAsync(Preface.ToArray());
        var setting = new byte[6];
        BinaryPrimitives.WriteUInt16BigEndian(setting, InitialWindowSize);
        BinaryPrimitives.WriteInt32BigEndian(setting.AsSpan(2), window);
        await connection.SendAsync(Settings, 0, 0, setting);
        return connection;
    }

    /// <summary>The first bytes of a client (RFC 9113 §3.4).</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public Task GetAsync(int stream, string path) => SendAsync(Headers, EndStream | EndHeaders, stream, GetBlock(path));

    /// <summary>The header block of a GET request (RFC 7541): indexed fields, and literals that no table keeps.</summary>
    public static byte[] GetBlock(string path) =>
        [0x82, 0x86, 0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path), 0x01, 4, .. "test"u8];

    public Task AllowAsync(int stream, int bytes)
    {
        var payload = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(payload, bytes);
        return SendAsync(WindowUpdate, 0, stream, payload);
    }

    public Task ResetAsync(int stream) => SendAsync(Reset, 0, stream, [0, 0, 0, 8]); // CANCEL

    /// <summary>Returns the bytes of a frame.</summary>
    public static byte[] Frame(byte type, byte flags, int stream, params ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    public async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        await _writing.WaitAsync();
        try
        {
            await _stream.WriteAsync(Frame(type, flags, stream, payload)).AsTask().Within();
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Reads frames until one matches, and acknowledges settings and pings.</summary>
    /// <returns>The frame; null if the connection ended first.</returns>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadUntilAsync(Func<byte, byte, int, byte[], bool> matches)
    {
        try
        {
            while (true)
            {
                var head = new byte[9];
                await _stream.ReadExactlyAsync(head).AsTask().Within();
                var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
                await _stream.ReadExactlyAsync(payload).AsTask().Within();
                var (type, flags, stream) = (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue);
                if (type is Settings or Ping && (flags & Acknowledge) == 0)
                {
                    await SendAsync(type, Acknowledge, 0, type == Ping ? payload : []);
                }

                if (matches(type, flags, stream, payload))
                {
                    return (type, flags, stream, payload);
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            return null; // the server closed the connection
        }
    }

    /// <summary>Reads the body of a stream to its end.</summary>
    public async Task<byte[]> ReadBodyAsync(int stream)
    {
        using var body = new MemoryStream();
        await ReadUntilAsync((type, flags, of, payload) =>
        {
            if (type == Data && of == stream)
            {
                body.Write(payload);
            }

            return of == stream && (type == Reset || (type is Data or Headers && (flags & EndStream) != 0));
        });
        return body.ToArray();
    }

    public void Dispose()
    {
        _client.Dispose();
        _writing.Dispose();
    }
}
