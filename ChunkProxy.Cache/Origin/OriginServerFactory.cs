using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Composes an origin from its settings: those of its name, or those of the process that has one origin.</summary>
internal sealed class OriginServerFactory(
    IOptionsMonitor<CacheOptions> cache,
    IOptionsMonitor<OriginOptions> origin,
    IOptionsMonitor<OriginAccessOptions> access,
    LoopMark loop,
    CacheMetrics metrics,
    RecentEvents events,
    TimeProvider time,
    ILoggerFactory logs)
{
    public OriginServer Create(SiteRules site)
    {
        var scope = SiteNames.ScopeOfLabel(site.Name);
        var (settings, rules) = (Options.Create(cache.Get(scope)), Options.Create(origin.Get(scope)));
        var credentials = new OriginAccess(Options.Create(access.Get(scope)), time, logs.CreateLogger<OriginAccess>(), scope);
        var backup = settings.Value.BackupUrl is { } other ? Create(site, other, settings, rules, credentials, backup: null) : null;
        return Create(site, settings.Value.Url ?? throw new InvalidOperationException("The origin's URL is required."), settings, rules, credentials, backup);
    }

    private OriginServer Create(
        SiteRules site, Uri url, IOptions<CacheOptions> cacheOptions, IOptions<OriginOptions> originOptions, OriginAccess credentials, OriginServer? backup)
    {
        var messages = new OriginMessages(url, originOptions.Value.UserAgent, loop, credentials, cacheOptions.Value.OriginHost);
        var wire = new OriginWire(url, originOptions, messages, time, credentials.Signature, site.KeyHasHost);
        var health = new OriginHealth(url, time, events, logs.CreateLogger<OriginHealth>(), backup?.Url);
        var breaker = new OriginBreaker(new OriginProbe(wire, messages, originOptions, site, time), health, originOptions, time);
        var rules = new CachingRules(cacheOptions, originOptions);
        var fields = new EndToEndFields(credentials, originOptions.Value.SendTags, time, logs.CreateLogger<EndToEndFields>());
        var client = new OriginClient(
            wire,
            messages,
            originOptions,
            time,
            new OriginNotes(metrics, breaker),
            new ConditionSupport(logs.CreateLogger<ConditionSupport>()),
            new OriginAnswerJudge(new OriginVersionReader(rules, fields, site, cacheOptions, originOptions, time), time),
            new OriginReplies(rules, fields, credentials, site, originOptions, cacheOptions, time));
        return new OriginServer(site, url, client, breaker, health, wire, new WholeBodies(time, originOptions.Value.QuarterOfConnections), backup);
    }
}
