using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChunkProxy.Cache.ZeroCopy;

/// <summary>Enables zero-copy response bodies (<see cref="LendingOutput"/>) on the connections of a listener.</summary>
internal static class LendingConnections
{
    /// <summary>For listeners of plain TCP. On others the bytes are the same, but lent memory is copied.</summary>
    public static void LendMemory(this ListenOptions listener) => listener.Use(mayLend: true);

    /// <summary>For listeners on which bytes are changed on their way (TLS) or shared (HTTP/2): sends without lending memory.</summary>
    public static void SendDirectly(this ListenOptions listener) => listener.Use(mayLend: false);

    private static void Use(this ListenOptions listener, bool mayLend)
    {
        var unsent = listener.ApplicationServices.GetRequiredService<UnsentLimit>();
        listener.Use(next => connection => ServeAsync(connection, next, unsent, mayLend));
    }

    private static async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next, UnsentLimit unsent, bool mayLend)
    {
        if (connection.Features.Get<IConnectionSocketFeature>() is not { Socket: { } socket })
        {
            await next(connection).ConfigureAwait(false);
            return;
        }

        var transport = connection.Transport;
        using var output = new LendingOutput(connection, socket, transport.Output);
        if (mayLend)
        {
            connection.Features.Set(output);
        }
        else
        {
            connection.Features.Set(new DirectSocket(output));
        }

        connection.Transport = new Pipes(transport.Input, output);
        unsent.Open(socket);
        try
        {
            await next(connection).ConfigureAwait(false);
        }
        finally
        {
            connection.Transport = transport;
            unsent.Close();
        }
    }

    private sealed record Pipes(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
