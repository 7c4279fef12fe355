using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>What one client may take of a route, in addition to the limits of the process.</summary>
/// <param name="Clients">Requests and bytes a second; null: no limit.</param>
/// <param name="Cold">Bytes from the origin; null: no limit.</param>
internal sealed record RouteLimits(ClientRules? Clients, ColdLimit? Cold)
{
    public static RouteLimits None { get; } = new(null, null);
}
