using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Streaming;

/// <summary>Slow clients of chunks on disk, each somewhere else in a film: their connections and the files that they read are more than the limit of open files.</summary>
public sealed class SlowDiskReaderTests
{
    private const int Limit = 640;
    private const int Clients = 200;
    private const int ChunkSize = 256 * 1024;
    private const int Apart = 2 * ChunkSize;
    private const int Length = 6 * Apart; // more than the buffers of a connection hold

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Get_MoreFilesThanTheLimit_EveryClientGetsEveryByte(bool filesAreDeleted)
    {
        await using var one = await OneNode.StartAsync("-size-c 256KiB -size-m 256MiB -size-d 1GiB", openFiles: Limit, Now);
        var film = one.Origin.Add("/film.mp4", (Clients + 6L) * Apart);
        await one.VerifyAsync(film, Now);
        await one.Node.WhenFilledAsync(Now);
        await one.Node.WhenStatAsync("disk.waitingBytes", bytes => bytes == 0, Now);
        await one.Node.StopAsync(Now);
        await one.StartNodeAsync(Now); // with nothing in memory
        await one.VerifyAsync(film, 0, 1, Now);
        var brought = film.BodyBytesSent;

        var slow = new List<Socket>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                slow.Add(await RequestAsync(one, film, (long)i * Apart));
            }

            var heads = await Task.WhenAll(slow.Select(ReadHeadAsync)); // and no further: their bytes wait in the node

            await one.VerifyAsync(film, film.Answer.Size - (4 * ChunkSize) - 5, 2 * ChunkSize, Now);
            Assert.InRange(Directory.GetFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{one.Node.ProcessId}/fd")).Length, Clients, Limit);
            foreach (var file in Directory.EnumerateFiles(one.CacheFolder, "*.chunk", SearchOption.AllDirectories).Where(_ => filesAreDeleted))
            {
                File.Delete(file); // as the eviction does. The rest comes from the files that are open, from memory, or from the origin
            }

            for (var i = 0; i < Clients; i++)
            {
                await VerifyRestAsync(slow[i], heads[i], film, (long)i * Apart);
            }

            if (!filesAreDeleted)
            {
                Assert.Equal(brought, film.BodyBytesSent);
            }
        }
        finally
        {
            slow.ForEach(socket => socket.Dispose());
        }
    }

    private static async Task<Socket> RequestAsync(OneNode one, ScriptedObject film, long start)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, one.Node.Address.Port), Now);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"GET {film.Path} HTTP/1.1\r\nHost: x\r\nRange: bytes={start}-{start + Length - 1}\r\n\r\n")), Now);
        return socket;
    }

    // Returns the bytes of the body that came with the header.
    private static async Task<byte[]> ReadHeadAsync(Socket socket)
    {
        var bytes = new byte[4096];
        var count = 0;
        int end;
        while ((end = bytes.AsSpan(0, count).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(count), Now);
            Assert.NotEqual(0, more);
            count += more;
        }

        Assert.StartsWith("HTTP/1.1 206", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        return bytes[(end + 4)..count];
    }

    private static async Task VerifyRestAsync(Socket socket, byte[] begin, ScriptedObject film, long start)
    {
        TestData.Verify(film.Answer.Seed, start, begin);
        var bytes = new byte[64 * 1024];
        for (var at = (long)begin.Length; at < Length;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(), Now);
            Assert.NotEqual(0, more);
            TestData.Verify(film.Answer.Seed, start + at, bytes.AsSpan(0, more));
            at += more;
        }
    }
}
