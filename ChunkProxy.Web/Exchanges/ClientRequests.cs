using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Counts requests in progress, as far as they are bounded: those of a connection, and those of a client.</summary>
internal sealed class ClientRequests(ClientConnections connections, ClientLimits limits)
{
    /// <summary>Records that a request begins. The result's <see cref="Begun.End"/> must follow.</summary>
    public Begun Begin(HttpContext context) => new(connections.Begin(context), limits, limits.BeginRequest(context, out var isRefused), isRefused);

    /// <summary>Counts a request in its route, until <see cref="Begun.End"/>.</summary>
    /// <returns>False if the client has too many requests of the route in progress.</returns>
    public bool TryEnterRoute(HttpContext context, ClientRules rules, Exchange exchange)
    {
        exchange.InRoute = limits.BeginRequest(context, rules, out var isRefused);
        return !isRefused;
    }

    /// <summary>A request in progress.</summary>
    /// <param name="slot">Its connection, if requests of connections are counted.</param>
    /// <param name="limits">The limits of its client.</param>
    /// <param name="client">Its client, if it has limits.</param>
    /// <param name="isRefused">Whether the client has too many requests in progress.</param>
    public readonly struct Begun(ConnectionSlot? slot, ClientLimits limits, LimitedClient? client, bool isRefused)
    {
        public bool IsRefused => isRefused;

        public void End(Exchange exchange)
        {
            if (exchange.InRoute is { } inRoute)
            {
                limits.EndRequest(inRoute);
            }

            if (client is not null)
            {
                limits.EndRequest(client);
            }

            slot?.End();
        }
    }
}
