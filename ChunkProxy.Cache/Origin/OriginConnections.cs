using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>The limits of connections to the origins.</summary>
internal sealed class OriginConnections(SiteNames names, IOptionsMonitor<OriginOptions> options, IOptionsMonitor<CacheOptions> cache)
{
    /// <summary>Most connections of the process to all origins and backups.</summary>
    public int Most { get; } = names.Scopes.Sum(
        scope => (options.Get(scope).MaxConnections + options.Get(scope).PassThroughPlaces) * (cache.Get(scope).BackupUrl is null ? 1 : 2));

    /// <summary>A quarter of the connections to the origin that has the fewest: what slow clients together may hold.</summary>
    public int LeastQuarter { get; } = names.Scopes.Min(scope => options.Get(scope).QuarterOfConnections);

    /// <summary>A quarter of the connections to an origin, at least one: what work without a client may hold.</summary>
    /// <param name="label"><see cref="Chunks.ObjectId.Label"/> of its objects.</param>
    public int QuarterOf(string label) => options.Get(SiteNames.ScopeOfLabel(label)).QuarterOfConnections;
}
