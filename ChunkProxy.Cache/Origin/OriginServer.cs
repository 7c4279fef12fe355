using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>One server of an origin: its client, its circuit breaker, and its health.</summary>
/// <param name="Site">The rules of its objects.</param>
/// <param name="Url">Its base URL.</param>
/// <param name="Client">Requests bytes from it.</param>
/// <param name="Breaker">Stops requests while it does not answer.</param>
/// <param name="Health">Its outages.</param>
/// <param name="Wire">Its connections.</param>
/// <param name="Bodies">Its open responses that are longer than what is read from them.</param>
/// <param name="Backup">The server that is asked while this one does not answer; null if there is none.</param>
internal sealed record OriginServer(
    SiteRules Site, Uri Url, OriginClient Client, OriginBreaker Breaker, OriginHealth Health, OriginWire Wire, WholeBodies Bodies, OriginServer? Backup = null) : IDisposable
{
    /// <summary>The server to ask now: this one, unless it does not answer and the backup does, as far as known.</summary>
    public OriginServer Active => Breaker.IsOpen && Backup is { Breaker.IsOpen: false } backup ? backup : this;

    /// <summary>Whether no request waits for the server or its backup, or receives a response from one.</summary>
    public bool IsIdle => Client is { RequestsUnderWay: 0, RequestsWaiting: 0, ResponsesWithoutSlot: 0 } && Backup is not { IsIdle: false };

    /// <summary>The present outage in one sentence, or null.</summary>
    public string? Problem => (Health.Outage, Backup) switch
    {
        (null, _) => null,
        ({ IsDown: true } outage, { Breaker.IsOpen: false } backup) => outage.DescribeWith(Url, backup.Url),
        ({ IsDown: true }, { Health.Problem: { } other }) => $"{Health.Problem}; {other}",
        _ => Health.Problem,
    };

    /// <summary>Returns the server to ask after all attempts at this one failed; null if there is none, or if the failure is about the object.</summary>
    public OriginServer? After(ProxyError error) =>
        error is ProxyError.OriginUnreachable or ProxyError.OriginTimedOut or ProxyError.OriginDown && Backup is { Breaker.IsOpen: false } backup ? backup : null;

    /// <summary>The origin as people know it: its URL, with its name before it if there are several.</summary>
    public override string ToString() => Site.Name.Length == 0 ? Url.ToString() : $"{Site.Name}: {Url}";

    public void Dispose()
    {
        Bodies.Dispose();
        Breaker.Dispose();
        Wire.Dispose();
        Backup?.Dispose();
    }
}
