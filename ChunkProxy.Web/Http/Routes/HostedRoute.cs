namespace ChunkProxy.Web.Http.Routes;

/// <summary>A route with one of its hosts.</summary>
/// <param name="Hosts">The hosts.</param>
/// <param name="Route">The route.</param>
internal sealed record HostedRoute(HostPattern Hosts, Route Route);
