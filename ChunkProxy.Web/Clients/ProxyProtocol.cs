using System.IO.Pipelines;
using System.Net;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Metering;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Clients;

/// <summary>Reads the PROXY protocol's header at the start of each connection, and gives the connection the address of its client.</summary>
internal sealed partial class ProxyProtocol(TrustedProxies proxies, IOptions<ClientOptions> options, TimeProvider time, ILogger<ProxyProtocol> log)
{
    /// <summary>Longest time for a header. Proxies send it with the first packet.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Recurrence _refusals = new(time);

    /// <summary>Whether connections of clients must begin with a header.</summary>
    public bool IsOn { get; } = options.Value.ProxyProtocol;

    /// <summary>Serves one connection, or ends it if it does not begin with a header.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        var ending = proxies.AreNone || proxies.Contain(peer) ? await ReadAsync(connection) : ProxyProtocolEnding.NotTrusted;
        if (ending is ProxyProtocolEnding.Accepted)
        {
            await next(connection);
            return;
        }

        connection.Abort();
        if (ending is not ProxyProtocolEnding.Gone && _refusals.Happened() is > 0 and var count)
        {
            LogRefused(count, peer, ending);
        }
    }

    private async Task<ProxyProtocolEnding> ReadAsync(ConnectionContext connection)
    {
        // Also the end that ClientConnections asks for: a connection without a header is idle.
        var asked = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(connection.ConnectionClosed, asked);
        using var limit = new TimeLimit(Patience, time, gone.Token);
        try
        {
            return await ReadAsync(connection, connection.Transport.Input, limit.Token);
        }
        catch (OperationCanceledException) when (limit.Token.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            return ProxyProtocolEnding.Late;
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException)
        {
            return ProxyProtocolEnding.Gone;
        }
    }

    private static async Task<ProxyProtocolEnding> ReadAsync(ConnectionContext connection, PipeReader input, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            switch (ProxyHeader.Read(read.Buffer, out var length, out var client))
            {
                case ProxyHeaderState.Complete:
                    input.AdvanceTo(read.Buffer.GetPosition(length)); // what follows is the client's
                    connection.RemoteEndPoint = client ?? connection.RemoteEndPoint;
                    return ProxyProtocolEnding.Accepted;
                case ProxyHeaderState.Malformed:
                    input.AdvanceTo(read.Buffer.Start);
                    return ProxyProtocolEnding.Malformed;
                default:
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    if (read.IsCompleted)
                    {
                        return ProxyProtocolEnding.Gone;
                    }

                    break;
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Closed {Count} connections of clients since this was last logged. The last was from {Peer}: {Ending}. With Clients:ProxyProtocol, every connection must begin with a PROXY protocol header. If Clients:TrustedProxies is set, it must come from one of them")]
    private partial void LogRefused(int count, IPAddress? peer, ProxyProtocolEnding ending);
}
