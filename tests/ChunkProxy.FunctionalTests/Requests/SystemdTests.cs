using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Requests;

/// <summary>The protocol of sd_notify(3): datagrams on the socket that the environment names.</summary>
public sealed class SystemdTests
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Notify_StartAndStop_SystemdIsToldReadyAndStopping()
    {
        using var folder = new TemporaryFolder();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(folder.Combine("notify")));
        await using var node = await Node.StartAsync(
            ["-url", "http://127.0.0.1:9/", "-size-d", "0"], Now, new Dictionary<string, string?> { ["NOTIFY_SOCKET"] = folder.Combine("notify") });

        Assert.Contains("READY=1", await ReceiveAsync(systemd), StringComparison.Ordinal);

        Assert.Equal(0, await node.StopAsync(Now));
        Assert.Contains("STOPPING=1", await ReceiveAsync(systemd), StringComparison.Ordinal);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Now);
        patience.CancelAfter(Patience.Limit);
        var buffer = new byte[1024];
        return Encoding.UTF8.GetString(buffer.AsSpan(0, await socket.ReceiveAsync(buffer, patience.Token)));
    }
}
