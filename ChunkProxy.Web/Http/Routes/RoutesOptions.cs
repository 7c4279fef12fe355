namespace ChunkProxy.Web.Http.Routes;

/// <summary>The routes under <c>ChunkProxy:Routes</c> as a whole. Each of them has <see cref="RouteOptions"/>.</summary>
internal sealed class RoutesOptions;
