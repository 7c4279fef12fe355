using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Cors;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Makes the routes of the process from its settings, as configuration has them now.</summary>
internal sealed class RouteFactory(
    RouteNames names,
    SiteTable sites,
    IOptionsFactory<RouteOptions> routes,
    IOptionsFactory<CorsOptions> cors,
    AccessFactory access,
    RouteLimitsFactory limits,
    IOptionsMonitor<OriginOptions> origins)
{
    /// <summary>The routes under <c>ChunkProxy:Routes</c>; without any, one route for all requests.</summary>
    public RouteTable CreateAll() => new([.. names.All is { Count: > 0 } all ? all.SelectMany(Named) : [new HostedRoute(HostPattern.Any, Create("", new RouteOptions()))]]);

    private IEnumerable<HostedRoute> Named(string name)
    {
        var options = routes.Create(RouteNames.ScopeOf(name));
        var route = Create(name, options);
        return HostPattern.Of(options).Select(hosts => new HostedRoute(hosts, route));
    }

    private Route Create(string name, RouteOptions options)
    {
        var scope = name.Length == 0 ? Options.DefaultName : RouteNames.ScopeOf(name);
        var site = options.Origin is { Length: > 0 } origin ? sites.Find(origin.ToLowerInvariant())! : sites.All[0];
        var corsOptions = cors.Create(scope);
        var (signing, gate) = access.Create(scope);
        return new Route(
            name,
            RoutePath.Of(options),
            site,
            signing,
            gate,
            string.IsNullOrEmpty(corsOptions.Cors) ? null : new CorsPolicy(corsOptions),
            new PassedOnFields(origins.Get(SiteNames.ScopeOfLabel(site.Name)), corsOptions),
            limits.Create(name));
    }
}
