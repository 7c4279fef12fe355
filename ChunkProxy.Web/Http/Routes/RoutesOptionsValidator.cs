using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Validates the routes under <c>ChunkProxy:Routes</c>: their keys, their values, and that no two are for the same requests.</summary>
internal sealed class RoutesOptionsValidator(
    RouteNames names,
    SiteNames origins,
    IConfiguration configuration,
    IOptionsFactory<RouteOptions> routes,
    IOptionsFactory<CorsOptions> cors,
    IOptionsFactory<AccessOptions> access,
    RouteLimitsFactory limits,
    IOptionsFactory<CacheKeyOptions> keys)
    : IValidateOptions<RoutesOptions>
{
    private static readonly ScopedKeys Keys = new ScopedKeys()
        .With<RouteOptions>(RouteOptions.Section)
        .With<CorsOptions>(CorsOptions.Section)
        .With<AccessOptions>(AccessOptions.Section)
        .With<ClientOptions>(ClientOptions.Section)
        .With<ColdReadOptions>(ColdReadOptions.Section);

    public ValidateOptionsResult Validate(string? name, RoutesOptions options)
    {
        List<string> failures = [];
        var all = names.All;
        if (all.Count == 0 && origins.All.Count > 1)
        {
            failures.Add($"{RouteNames.Section}: is missing: with several origins, each request needs a route");
        }

        if (all.Count == 0 && origins.All.Count <= 1 && ScopeOf(new RouteOptions()) is { } scope && keys.Create(scope).Host)
        {
            failures.Add($"{SettingScope.Of(scope, CacheKeyOptions.Section)}:{nameof(CacheKeyOptions.Host)}: needs routes with {nameof(RouteOptions.Hosts)}, so that clients cannot choose any host");
        }

        var taken = new Dictionary<(HostPattern Hosts, string Path), string>();
        foreach (var route in all)
        {
            failures.AddRange(FailuresOf(route, taken));
        }

        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Distinct());
    }

    private List<string> FailuresOf(string route, Dictionary<(HostPattern Hosts, string Path), string> taken)
    {
        var scope = RouteNames.ScopeOf(route);
        var failures = new List<string>(Keys.FailuresIn(configuration, scope));
        try
        {
            cors.Create(scope);
            limits.Create(route);
            var rules = access.Create(scope);
            if (failures.Count == 0 && routes.Create(scope) is var options)
            {
                var hosts = HostPattern.Of(options);
                var keyHasHost = ScopeOf(options) is { } origin && keys.Create(origin).Host;
                if (keyHasHost && string.IsNullOrEmpty(options.Hosts))
                {
                    failures.Add($"{RouteNames.Section}:{route}:{nameof(RouteOptions.Hosts)}: is missing: the host is part of the cache key of the origin");
                }
                else if (keyHasHost && rules.UrlKeyFile is { Length: > 0 } && hosts is not [{ IsOne: true }])
                {
                    failures.Add($"{RouteNames.Section}:{route}:{nameof(RouteOptions.Hosts)}: takes one host with {nameof(AccessOptions.UrlKeyFile)}: the host is part of the cache key, and a signature covers the path only");
                }

                failures.AddRange(hosts
                    .Select(host => (Hosts: host, RoutePath.Of(options).Path))
                    .Where(it => !taken.TryAdd(it, route))
                    .Select(it => $"{RouteNames.Section}:{route}: is for the same requests as the route '{taken[it]}' ({it.Hosts}, {it.Path})"));
            }
        }
        catch (OptionsValidationException error)
        {
            failures.AddRange(error.Failures);
        }

        return failures;
    }

    // The scope of the options of a route's origin; null if the origin is not one of the process, which is reported elsewhere.
    private string? ScopeOf(RouteOptions options)
    {
        var name = string.IsNullOrEmpty(options.Origin) ? origins.All is [var only] ? only : "" : options.Origin.ToLowerInvariant();
        return !origins.AreSet || origins.All.Contains(name) ? SiteNames.ScopeOfLabel(name) : null;
    }
}
