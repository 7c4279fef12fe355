using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Web.Tests.Http.Sending;

namespace ChunkProxy.Web.Tests.Hosting;

/// <summary>A connection on which a test sends exact bytes and reads exact bytes.</summary>
internal sealed class RawConnection(TcpClient client) : IDisposable
{
    private readonly NetworkStream _stream = client.GetStream();

    public static async Task<RawConnection> OpenAsync(int port, int? receiveBuffer = null)
    {
        var client = new TcpClient();
        if (receiveBuffer is { } bytes)
        {
            client.ReceiveBufferSize = bytes;
        }

        await client.ConnectAsync("127.0.0.1", port).Within();
        return new RawConnection(client);
    }

    /// <summary>Makes a client that was slow by its small receive buffer a fast one.</summary>
    public void WidenReceiveBuffer() => client.ReceiveBufferSize = 1024 * 1024;

    public async Task SendAsync(string text) => await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <param name="isHead">The request was HEAD: no content follows.</param>
    /// <param name="afterHead">Called when status and fields have arrived, so that a later failure cannot overtake them.</param>
    public async Task<RawResponse> ReadAsync(bool isHead = false, Action? afterHead = null)
    {
        var head = await ReadHeadAsync();
        afterHead?.Invoke();
        var lines = head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
        var fields = lines.Skip(1).Select(line => line.Split(':', 2)).Select(parts => KeyValuePair.Create(parts[0], parts[1].Trim())).ToList();
        var response = new RawResponse(status, fields, [], IsWhole: true);
        if (isHead || status is 204 or 304)
        {
            return response;
        }

        var (body, isWhole) = response["Content-Length"] is { } length
            ? await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture))
            : response["Transfer-Encoding"] == "chunked" ? await ReadChunkedAsync() : (await ReadToEndAsync(), true);
        return response with { Body = body, IsWhole = isWhole };
    }

    /// <summary>Reads status line and fields; the body stays on the connection.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            var (next, isWhole) = await ReadBytesAsync(1);
            Assert.True(isWhole, "The connection ended in the head: " + head);
            head.Append((char)next[0]);
        }

        return head.ToString();
    }

    public async Task<(byte[] Bytes, bool IsWhole)> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        var read = 0;
        try
        {
            while (read < count)
            {
                var got = await _stream.ReadAsync(bytes.AsMemory(read)).AsTask().Within();
                if (got == 0)
                {
                    break;
                }

                read += got;
            }
        }
        catch (IOException)
        {
            // a reset: the response was aborted
        }

        return (bytes[..read], read == count);
    }

    /// <summary>Reads until the connection ends, however it ends.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        for (; ; )
        {
            var (next, isWhole) = await ReadBytesAsync(1);
            if (!isWhole)
            {
                return all.ToArray();
            }

            all.Write(next);
        }
    }

    /// <summary>Resets the connection, as a client that was killed does.</summary>
    public void Reset()
    {
        client.LingerState = new LingerOption(true, 0);
        client.Close();
    }

    public void Dispose() => client.Dispose();

    private async Task<(byte[] Body, bool IsWhole)> ReadChunkedAsync()
    {
        using var all = new MemoryStream();
        for (; ; )
        {
            var line = new StringBuilder();
            while (!line.ToString().EndsWith("\r\n", StringComparison.Ordinal))
            {
                var (next, isWhole) = await ReadBytesAsync(1);
                if (!isWhole)
                {
                    return (all.ToArray(), false);
                }

                line.Append((char)next[0]);
            }

            var size = int.Parse(line.ToString().Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var (bytes, complete) = await ReadBytesAsync(size + 2);
            all.Write(bytes.AsSpan(0, Math.Min(size, bytes.Length)));
            if (size == 0 || !complete)
            {
                return (all.ToArray(), complete);
            }
        }
    }
}
