using System.IO.Pipelines;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace ChunkProxy.Web.Tls;

/// <summary>Puts a <see cref="TlsOutput"/> in place of Kestrel's output on the connections of a listener.</summary>
internal static class TlsConnections
{
    /// <summary>Call after TLS was enabled on the listener.</summary>
    public static void UseLargeRecords(this ListenOptions listener) => listener.Use(next => connection => ServeAsync(connection, next));

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<ISslStreamFeature>() is not { SslStream: { } tls })
        {
            await next(connection);
            return;
        }

        var transport = connection.Transport;
        using var output = new TlsOutput(connection, tls, transport.Output, connection.Features.Get<DirectSocket>());
        connection.Transport = new Pipes(transport.Input, output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
