using System.Net;

namespace ChunkProxy.Web.Clients;

/// <summary>Gives requests of trusted proxies their client's address, before anything reads it.</summary>
/// <remarks>
/// <see cref="ConnectionInfo.RemoteIpAddress"/> is the one source of the client's address: for access rules, logs, limits, and turns at the origin. The server
/// sets it anew for each request. Without trusted proxies nothing is added to the pipeline.
/// </remarks>
internal sealed class ClientAddressFilter(TrustedProxies proxies) : IStartupFilter
{
    private const string ForwardedFor = "X-Forwarded-For";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => proxies.AreNone ? next : app =>
    {
        app.Use(SetAddress);
        next(app);
    };

    private RequestDelegate SetAddress(RequestDelegate next) => context =>
    {
        var connection = context.Connection;
        var peer = connection.RemoteIpAddress;
        var client = proxies.ClientOf(peer, context.Request.Headers[ForwardedFor]);
        if (!ReferenceEquals(client, peer))
        {
            (connection.RemoteIpAddress, connection.RemotePort) = (client, 0);
        }

        return next(context);
    };
}
