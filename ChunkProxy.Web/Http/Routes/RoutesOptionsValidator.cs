using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Validates the routes under <c>ChunkProxy:Routes</c>: their keys, their values, and that no two are for the same requests.</summary>
internal sealed class RoutesOptionsValidator(
    RouteNames names, SiteNames origins, IConfiguration configuration, IOptionsFactory<RouteOptions> routes, IOptionsFactory<CorsOptions> cors, IOptionsFactory<AccessOptions> access)
    : IValidateOptions<RoutesOptions>
{
    private static readonly ScopedKeys Keys = new ScopedKeys()
        .With<RouteOptions>(RouteOptions.Section)
        .With<CorsOptions>(CorsOptions.Section)
        .With<AccessOptions>(AccessOptions.Section);

    public ValidateOptionsResult Validate(string? name, RoutesOptions options)
    {
        List<string> failures = [];
        var all = names.All;
        if (all.Count == 0 && origins.All.Count > 1)
        {
            failures.Add($"{RouteNames.Section}: is missing: with several origins, each request needs a route");
        }

        var taken = new Dictionary<(string Host, string Path), string>();
        foreach (var route in all)
        {
            failures.AddRange(FailuresOf(route, taken));
        }

        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures.Distinct());
    }

    private List<string> FailuresOf(string route, Dictionary<(string Host, string Path), string> taken)
    {
        var scope = RouteNames.ScopeOf(route);
        var failures = new List<string>(Keys.FailuresIn(configuration, scope));
        try
        {
            cors.Create(scope);
            access.Create(scope);
            if (failures.Count == 0 && routes.Create(scope) is var options)
            {
                failures.AddRange(HostsOf(options)
                    .Select(host => (host, RoutePathOf(options)))
                    .Where(it => !taken.TryAdd(it, route))
                    .Select(it => $"{RouteNames.Section}:{route}: is for the same requests as the route '{taken[it]}' ({(it.host.Length == 0 ? "all hosts" : it.host)}, {it.Item2})"));
            }
        }
        catch (OptionsValidationException error)
        {
            failures.AddRange(error.Failures);
        }

        return failures;
    }

    private static IEnumerable<string> HostsOf(RouteOptions options) =>
        SettingText.ListOf(options.Hosts) is { Length: > 0 } hosts ? hosts.Select(static host => HostPattern.TryParse(host, out var pattern) ? pattern.Text : host) : [""];

    private static string RoutePathOf(RouteOptions options)
    {
        RequestTarget.Parse(options.Path, int.MaxValue, out var path);
        return path;
    }
}
