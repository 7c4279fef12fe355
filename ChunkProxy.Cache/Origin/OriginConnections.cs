using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>The limit of connections to all origins together.</summary>
internal sealed class OriginConnections(SiteNames names, IOptionsMonitor<OriginOptions> options)
{
    /// <summary>The sum of <see cref="OriginOptions.MaxConnections"/> of all origins.</summary>
    public int Most { get; } = names.Scopes.Sum(scope => options.Get(scope).MaxConnections);
}
