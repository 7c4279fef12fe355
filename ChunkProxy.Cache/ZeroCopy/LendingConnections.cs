using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Enables zero-copy response bodies (<see cref="LendingOutput"/>) on the connections of a listener.</summary>
internal static class LendingConnections
{
    /// <summary>For listeners of plain TCP. On others the bytes are the same, but lent memory is copied.</summary>
    public static void LendMemory(this ListenOptions listener) => listener.Use(next => connection => ServeAsync(connection, next));

    /// <summary>For listeners on which memory is not lent (TLS, HTTP/2): limits the unsent bytes only.</summary>
    public static void LimitUnsent(this ListenOptions listener) => listener.Use(next => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is { Socket: { } socket })
        {
            UnsentLimit.Apply(socket);
        }

        return next(connection);
    });

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is not { Socket: { } socket })
        {
            await next(connection).ConfigureAwait(false);
            return;
        }

        UnsentLimit.Apply(socket);
        var transport = connection.Transport;
        using var output = new LendingOutput(connection, socket, transport.Output);
        connection.Features.Set(output);
        connection.Transport = new Pipes(transport.Input, output);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            connection.Transport = transport;
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
