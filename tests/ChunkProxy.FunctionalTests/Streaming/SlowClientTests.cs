using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Streaming;

/// <summary>Many slow clients, each somewhere else in a film, want more chunks than memory holds and more connections than the origin has.</summary>
public sealed class SlowClientTests
{
    private const int Clients = 100;
    private const int MiB = OneNode.MiB;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("-size-m 16MiB -size-d 0")]
    [InlineData("-size-m 16MiB -size-d 256MiB")]
    public async Task Get_SlowClientsWantMoreThanMemory_FastClientIsServed(string sizes)
    {
        await using var one = await OneNode.StartAsync($"-size-c 1MiB {sizes}", Now, ("OTEL_METRICS_EXPORTER", "prometheus"));
        var film = one.Origin.Add("/film.mp4", (Clients + 1) * 12L * MiB);
        var other = one.Origin.Add("/other.mp4", 3 * MiB, seed: 7);
        var slow = new List<Socket>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                slow.Add(await RequestAsync(one, film, i * 12L * MiB));
            }

            // All have their heads and read no further: their bytes wait in the node.
            await Task.WhenAll(slow.Select(ReadHeadAsync));

            await one.VerifyAsync(other, Now);
            await one.VerifyAsync(film, film.Answer.Size - MiB - 5, MiB, Now);
            var metrics = await one.Node.Client.GetStringAsync("_chunkproxy/metrics", Now);
            Assert.InRange(ValueOf("chunkproxy_sends_recalled_total", metrics), 1, long.MaxValue);
            Assert.InRange(ValueOf("chunkproxy_sends_held_bytes", metrics), 0, 8 * MiB); // half of the memory
        }
        finally
        {
            slow.ForEach(socket => socket.Dispose());
        }
    }

    private static long ValueOf(string name, string metrics) =>
        (long)double.Parse(metrics.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal) || line.StartsWith(name + "{", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);

    private static async Task<Socket> RequestAsync(OneNode one, ScriptedObject film, long start)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, one.Node.Address.Port), Now);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {film.Path} HTTP/1.1\r\nHost: x\r\nRange: bytes={start}-\r\n\r\n"), Now);
        return socket;
    }

    private static async Task ReadHeadAsync(Socket socket)
    {
        var first = new byte[12];
        for (var count = 0; count < first.Length;)
        {
            var more = await socket.ReceiveAsync(first.AsMemory(count), Now);
            Assert.NotEqual(0, more);
            count += more;
        }

        Assert.Equal("HTTP/1.1 206", Encoding.ASCII.GetString(first));
    }
}
