using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>The origins of the process: one (<c>ChunkProxy:Url</c>), or those under <c>ChunkProxy:Origins</c>. They share nothing.</summary>
internal sealed class OriginServers : IDisposable
{
    private readonly OriginServer? _only;
    private readonly Dictionary<string, OriginServer> _named;

    public OriginServers(SiteTable sites, OriginServerFactory factory)
    {
        All = [.. sites.All.Select(factory.Create)];
        _only = All is [{ Site.Name: "" } only] ? only : null;
        _named = All.ToDictionary(static origin => origin.Site.Name, StringComparer.Ordinal);
    }

    /// <summary>All origins, by name.</summary>
    public IReadOnlyList<OriginServer> All { get; }

    /// <summary>Requests that currently wait for or receive a response.</summary>
    public int RequestsUnderWay => All.Sum(static origin => origin.Client.RequestsUnderWay);

    /// <summary>Requests that currently wait for an origin slot.</summary>
    public int RequestsWaiting => All.Sum(static origin => origin.Client.RequestsWaiting);

    /// <summary>Most requests at the origins at one time.</summary>
    public int RequestLimit => All.Sum(static origin => origin.Client.RequestLimit);

    /// <summary>The present outage that began first, or null. One that stops all requests comes before one that does not.</summary>
    public OriginOutage? Outage => All.Select(static origin => origin.Health.Outage).OfType<OriginOutage>().OrderBy(static outage => (!outage.IsDown, outage.Since)).FirstOrDefault();

    /// <summary>The present outages in a sentence each, or null.</summary>
    public string? Problem => All.Select(static origin => origin.Health.Problem).OfType<string>().ToList() is { Count: > 0 } problems ? string.Join("; ", problems) : null;

    /// <summary>Returns the origin of an object.</summary>
    public OriginServer Of(ObjectId id) => _only ?? _named[id.Label];

    public void Dispose()
    {
        foreach (var origin in All)
        {
            origin.Dispose();
        }
    }
}
