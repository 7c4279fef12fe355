using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Finds the route of a request: of those that match, the one with the most precise host, then the one with the longest path. Immutable.</summary>
internal sealed class RouteTable
{
    private readonly Dictionary<string, HostRoutes>.AlternateLookup<ReadOnlySpan<char>> _hosts;
    private readonly Domain[] _domains; // from long to short, without any
    private readonly HostRoutes _others;

    /// <param name="routes">The routes with their hosts.</param>
    public RouteTable(IReadOnlyList<HostedRoute> routes)
    {
        All = [.. routes.Select(static it => it.Route).Distinct()];
        AreNamed = All.All(static route => route.Name.Length > 0);
        HasCors = All.Any(static route => route.Cors is not null);
        var patterns = routes.Select(static it => it.Hosts).Where(static it => it != HostPattern.Any).Distinct().OrderByDescending(static it => it.Precision).ToList();
        UsesHosts = patterns.Count > 0;
        _hosts = patterns.Where(static it => it.Precision == int.MaxValue)
            .ToDictionary(static it => it.Text, it => RoutesOf(it, routes), StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
        _domains = [.. patterns.Where(static it => it.Precision != int.MaxValue).Select(it => new Domain(it, RoutesOf(it, routes)))];
        _others = RoutesOf(HostPattern.Any, routes);
        Only = !UsesHosts && All is [{ Path.Path: "/" } only] ? only : null;
    }

    /// <summary>What recent targets name.</summary>
    public TargetCache<HostRoutes, RequestedObject> Known { get; } = new();

    /// <summary>All routes.</summary>
    public IReadOnlyList<Route> All { get; }

    /// <summary>Whether the routes are configured. Otherwise one route is for all requests.</summary>
    public bool AreNamed { get; }

    /// <summary>Whether a route has a CORS policy.</summary>
    public bool HasCors { get; }

    /// <summary>Whether the host of a request matters.</summary>
    public bool UsesHosts { get; }

    /// <summary>The one route of all requests; null if there are several, or if not all requests have one.</summary>
    public Route? Only { get; }

    /// <summary>Returns the routes of a host, as it stands in a Host field.</summary>
    public HostRoutes Of(HostString host)
    {
        if (!UsesHosts || !host.HasValue)
        {
            return _others;
        }

        var name = RequestHost.ToCompare(host);
        if (_hosts.TryGetValue(name, out var routes))
        {
            return routes;
        }

        foreach (var (domain, ofDomain) in _domains)
        {
            if (domain.Matches(name))
            {
                return ofDomain;
            }
        }

        return _others;
    }

    private static HostRoutes RoutesOf(HostPattern hosts, IReadOnlyList<HostedRoute> all) => new(hosts.Precision == int.MaxValue, [.. all
        .Where(it => it.Hosts.Covers(hosts))
        .OrderByDescending(static it => it.Hosts.Precision)
        .ThenByDescending(static it => it.Route.Path.Path.Length)
        .Select(static it => it.Route)
        .Distinct()]);

    private sealed record Domain(HostPattern Hosts, HostRoutes Routes);
}
