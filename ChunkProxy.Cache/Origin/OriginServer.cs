using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>One origin: its client, and what is known of its state.</summary>
/// <param name="Site">The rules of its objects.</param>
/// <param name="Client">Requests bytes from it.</param>
/// <param name="Breaker">Stops requests while it does not answer.</param>
/// <param name="Health">Its outages.</param>
/// <param name="Wire">Its connections.</param>
/// <param name="Url">Its base URL.</param>
internal sealed record OriginServer(SiteRules Site, OriginClient Client, OriginBreaker Breaker, OriginHealth Health, OriginWire Wire, Uri Url) : IDisposable
{
    /// <summary>The origin as people know it: its URL, with its name before it if there are several.</summary>
    public override string ToString() => Site.Name.Length == 0 ? Url.ToString() : $"{Site.Name}: {Url}";

    public void Dispose()
    {
        Breaker.Dispose();
        Wire.Dispose();
    }
}
