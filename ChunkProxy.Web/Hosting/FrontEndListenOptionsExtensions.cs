using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Configures listeners for the front end.</summary>
public static class FrontEndListenOptionsExtensions
{
    /// <summary>Bounds this listener's connections, and enables sending from the cache's memory on this listener's connections, if configured. Only for plain TCP.</summary>
    public static void UseChunkProxyFrontEnd(this ListenOptions listener)
    {
        listener.BoundConnections();
        if (listener.ApplicationServices.GetRequiredService<IOptions<FrontEndOptions>>().Value.LendMemory)
        {
            listener.LendMemory();
        }
    }

    /// <summary>Bounds the connections of clients. The addresses for clients share one bound. Then, if configured, reads the PROXY protocol's headers, and bounds those of each client.</summary>
    internal static void BoundConnections(this ListenOptions listener)
    {
        var connections = listener.ApplicationServices.GetRequiredService<ClientConnections>();
        listener.Use(next => connection => connections.ServeAsync(connection, next));
        var headers = listener.ApplicationServices.GetRequiredService<ProxyProtocol>();
        if (headers.IsOn)
        {
            listener.Use(next => connection => headers.ServeAsync(connection, next));
        }

        var limits = listener.ApplicationServices.GetRequiredService<ClientLimits>();
        if (limits.LimitConnections)
        {
            listener.Use(next => connection => limits.ServeAsync(connection, next));
        }
    }

    /// <summary>Serves HTTP/2 without TLS, to clients that know it beforehand.</summary>
    internal static void UseHttp2(this ListenOptions listener)
    {
        listener.BoundConnections();
        listener.Protocols = HttpProtocols.Http2;
        listener.SendDirectly();
    }
}
