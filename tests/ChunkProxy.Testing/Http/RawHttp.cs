using System.Net;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Testing.Http;

/// <summary>Sends requests exactly as written, which HTTP client libraries do not permit.</summary>
public static class RawHttp
{
    /// <summary>Sends one request on a new connection, and reads until the connection ends.</summary>
    /// <param name="port">The port on loopback.</param>
    /// <param name="requestLine">For example <c>GET /film.mp4 HTTP/1.1</c>.</param>
    /// <param name="headers">Header lines without line ends. Host and Connection are added.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<RawAnswer> SendAsync(int port, string requestLine, IEnumerable<string> headers, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience.Limit);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), patience.Token);

        string[] lines = [requestLine, "Host: origin", "Connection: close", .. headers, "", ""];
        await socket.SendAsync(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)), patience.Token);

        using var answer = new MemoryStream();
        await new NetworkStream(socket).CopyToAsync(answer, patience.Token);
        return RawAnswer.Parse(answer.GetBuffer().AsSpan(0, (int)answer.Length));
    }
}
