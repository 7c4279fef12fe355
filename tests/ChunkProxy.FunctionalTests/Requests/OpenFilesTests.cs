using System.Net;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>A node with a low limit of open files, and more clients than that.</summary>
public sealed class OpenFilesTests
{
    private const int Limit = 512;
    private const int Clients = 600;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IdleClients_MoreThanTheLimit_EndForNewOnesAndReadsGoOn()
    {
        await using var one = await OneNode.StartAsync("", openFiles: Limit, Now);
        var film = one.Origin.Add("/film.mp4", new OriginAnswer { Size = OneNode.MiB });
        await one.VerifyAsync(film, Now);

        var idle = new List<TcpClient>();
        try
        {
            for (var i = 0; i < Clients; i++)
            {
                idle.Add(await ReadByteAsync(one));
            }

            await one.VerifyAsync(film, Now);
            Assert.True(await one.Node.StatAsync("clients.endedConnections", Now) > 0);
            Assert.Equal(0, await one.Node.StatAsync("clients.refusedConnections", Now));
            Assert.InRange(await one.Node.StatAsync("clients.connections", Now), 1, Limit);
            await one.Node.WhenLineAsync(line => line.Contains("The limit of open files is 512", StringComparison.Ordinal), "the limit", Now);
        }
        finally
        {
            idle.ForEach(client => client.Dispose());
        }
    }

    // One byte of the film, on a connection that stays open.
    private static async Task<TcpClient> ReadByteAsync(OneNode one)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, one.Node.Address.Port, Now);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes("GET /film.mp4 HTTP/1.1\r\nHost: test\r\nRange: bytes=0-0\r\n\r\n"), Now);
        var buffer = new byte[4096];
        var text = "";
        while (!text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var count = await stream.ReadAsync(buffer, Now);
            Assert.NotEqual(0, count);
            text += Encoding.Latin1.GetString(buffer, 0, count);
        }

        Assert.StartsWith("HTTP/1.1 206 ", text, StringComparison.Ordinal);
        return client;
    }
}
