using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>The origins of the process: one (<c>ChunkProxy:Url</c>), or those under <c>ChunkProxy:Origins</c>. They share nothing.</summary>
/// <remarks>
/// A reload replaces all at once. A request to an origin ends at the server that it was sent to. The next request of the same read goes to the new server of that
/// origin if objects are keyed as before, and otherwise to the former one (<see cref="FormerOrigins"/>).
/// </remarks>
internal sealed class OriginServers : IDisposable
{
    private readonly SiteTable _sites;
    private readonly FormerOrigins _former;
    private volatile Servers _now;

    public OriginServers(SiteTable sites, OriginServerFactory factory, FormerOrigins former)
    {
        (_sites, _former) = (sites, former);
        _now = new Servers([.. sites.All.Select(site => factory.Create(site.Copy()))]);
    }

    /// <summary>All origins, by name.</summary>
    public IReadOnlyList<OriginServer> All => _now.All;

    /// <summary>Replaces all origins, and the sites with them. Those that are no longer among them stay as former ones, for reads in progress.</summary>
    /// <remarks>
    /// In an order in which each id has a server at any moment: former servers are there before the new ones replace them, and these before ids are made of the
    /// new sites. One reload at a time.
    /// </remarks>
    /// <param name="sites">The sites, by name.</param>
    /// <param name="servers">Their servers, in the same order.</param>
    public void Replace(IReadOnlyList<SiteRules> sites, IReadOnlyList<OriginServer> servers)
    {
        foreach (var server in All.Where(server => !servers.Contains(server)))
        {
            _former.Add(server, _sites.Find(server.Site.Name)!);
        }

        _now = new Servers(servers);
        _sites.Replace(sites);
        foreach (var server in servers)
        {
            _former.Remove(server); // it is one again if a reload is taken back
        }
    }

    /// <inheritdoc cref="OriginClient.RequestsUnderWay"/>
    public int RequestsUnderWay => Sum(static client => client.RequestsUnderWay);

    /// <inheritdoc cref="OriginReplies.ResponsesWithoutSlot"/>
    public int ResponsesWithoutSlot => Sum(static client => client.ResponsesWithoutSlot);

    /// <summary>Requests that currently wait for an origin slot.</summary>
    public int RequestsWaiting => Sum(static client => client.RequestsWaiting);

    /// <summary>Most requests at the origins at one time.</summary>
    public int RequestLimit => Sum(static client => client.RequestLimit);

    /// <summary>The present outage that began first, or null. One that stops all requests comes before one that does not.</summary>
    public OriginOutage? Outage => All.Select(static origin => origin.Health.Outage).OfType<OriginOutage>().OrderBy(static outage => (!outage.IsDown, outage.Since)).FirstOrDefault();

    /// <summary>The present outages in a sentence each, or null.</summary>
    public string? Problem => All.Select(static origin => origin.Problem).OfType<string>().ToList() is { Count: > 0 } problems ? string.Join("; ", problems) : null;

    /// <summary>Returns the server to ask for an object now.</summary>
    /// <exception cref="ChunkReadException">The origin was removed, and no read of a client needs it.</exception>
    public OriginServer Of(ObjectId id) => FirstOf(id).Active;

    /// <summary>Requests bytes of an object once, and once from the backup if there is no response.</summary>
    public Task<OriginAnswer> GetAsync(OriginRequest request, CancellationToken cancellationToken) =>
        AskAsync(request, (client, stop) => client.GetAsync(request, stop), cancellationToken);

    /// <inheritdoc cref="OriginClient.GetWithRetriesAsync"/>
    public Task<OriginAnswer> GetWithRetriesAsync(OriginRequest request, bool repeatsFailures, CancellationToken cancellationToken) =>
        AskAsync(request, (client, stop) => client.GetWithRetriesAsync(request, repeatsFailures, stop), cancellationToken);

    /// <summary>Forwards one client's request, for an object that cannot be cached.</summary>
    /// <exception cref="ChunkReadException">The origin did not respond.</exception>
    public async ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> fields, CancellationToken cancellationToken)
    {
        var server = Of(id);
        try
        {
            return await server.Client.PassThroughAsync(id, method, fields, cancellationToken).ConfigureAwait(false);
        }
        catch (ChunkReadException failure) when (server.After(failure.Error) is not null)
        {
            return await server.Backup!.Client.PassThroughAsync(id, method, fields, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        foreach (var origin in All)
        {
            origin.Dispose();
        }

        _former.Dispose();
    }

    private int Sum(Func<OriginClient, int> figure) => All.Sum(origin => figure(origin.Client) + (origin.Backup is { } backup ? figure(backup.Client) : 0));

    private async Task<OriginAnswer> AskAsync(OriginRequest request, Func<OriginClient, CancellationToken, Task<OriginAnswer>> ask, CancellationToken cancellationToken)
    {
        var server = Of(request.Id);
        var answer = await ask(server.Client, cancellationToken).ConfigureAwait(false);
        if (answer.Outcome is not (OriginOutcome.Unreachable or OriginOutcome.TimedOut or OriginOutcome.Down) || server.After(answer.ToError()) is not { } backup)
        {
            return answer;
        }

        answer.Dispose();
        return await ask(backup.Client, cancellationToken).ConfigureAwait(false);
    }

    private OriginServer FirstOf(ObjectId id)
    {
        var now = _now;
        return now.Only
            ?? now.ByKey.GetValueOrDefault(id.Origin ?? "")
            ?? _former.Find(id.Origin)
            ?? _now.ByKey.GetValueOrDefault(id.Origin ?? "") // a reload was taken back between the two
            ?? throw new ChunkReadException(ProxyError.OriginUnreachable, "its origin was removed from the settings");
    }

    private sealed class Servers(IReadOnlyList<OriginServer> all)
    {
        public IReadOnlyList<OriginServer> All => all;

        public OriginServer? Only { get; } = all is [{ Site.Name: "" } only] ? only : null;

        // By key, not by name: a reload may rename an origin, and its objects keep their key.
        public Dictionary<string, OriginServer> ByKey { get; } = all.ToDictionary(static origin => origin.Site.Origin ?? "", StringComparer.Ordinal);
    }
}
