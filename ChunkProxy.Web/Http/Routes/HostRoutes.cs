using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The routes of one host, or of the hosts of one pattern: of those that match a path, the first counts.</summary>
/// <param name="isOneHost">Whether they are the routes of one host.</param>
/// <param name="routes">The routes for the host, by the precision of their hosts, then by the length of their paths.</param>
internal sealed class HostRoutes(bool isOneHost, Route[] routes)
{
    /// <summary>Whether these are the routes of one host, so that a target names one object.</summary>
    public bool IsOneHost => isOneHost;

    /// <summary>Returns the route of a path; null if there is none.</summary>
    /// <param name="pathAndQuery">Path and query in normal form.</param>
    public Route? Find(string pathAndQuery)
    {
        foreach (var route in routes)
        {
            if (route.Path.Matches(pathAndQuery))
            {
                return route;
            }
        }

        return null;
    }

    /// <summary>Returns whether the route is also that of the path as a lenient origin reads it.</summary>
    public bool IsOfFolded(Route? route, string pathAndQuery)
    {
        var folded = FoldedPath.Of(pathAndQuery);
        if (route is { Site.IgnoresPathCase: true })
        {
            return Array.Find(routes, it => it.Path.MatchesFolded(folded, StringComparison.OrdinalIgnoreCase)) == route;
        }

        return ReferenceEquals(folded, pathAndQuery) || Array.Find(routes, it => it.Path.MatchesFolded(folded)) == route;
    }

    /// <summary>Returns the route of all paths with a prefix; null if there is none, or more than one.</summary>
    public Route? FindForAll(string prefix) =>
        Find(prefix + "x") is { } route && routes.All(other => other == route || !other.Path.Path.StartsWith(prefix, StringComparison.Ordinal)) ? route : null;
}
