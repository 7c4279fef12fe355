using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Clients;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Makes the limits of a route from its settings, as configuration has them now.</summary>
internal sealed class RouteLimitsFactory(IOptionsFactory<ClientOptions> clients, IOptionsFactory<ColdReadOptions> cold)
{
    /// <param name="route">The name of the route; empty for the one without settings.</param>
    public RouteLimits Create(string route)
    {
        if (route.Length == 0)
        {
            return RouteLimits.None;
        }

        var scope = RouteNames.ScopeOf(route);
        var rules = ClientRules.Of(route, clients.Create(scope));
        var bytes = cold.Create(scope);
        return new(rules.LimitRequests ? rules : null, bytes.ColdBytes > 0 ? ColdLimit.Of(route, bytes.ColdBytes, bytes.ColdExcess is ColdExcess.Refuse) : null);
    }
}
