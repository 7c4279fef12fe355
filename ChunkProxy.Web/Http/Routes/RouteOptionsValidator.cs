using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Http.Targets;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Validates <see cref="RouteOptions"/>.</summary>
internal sealed class RouteOptionsValidator(SiteNames origins) : IValidateOptions<RouteOptions>
{
    private const int LongestPath = 1024;

    public ValidateOptionsResult Validate(string? name, RouteOptions options)
    {
        var failures = new SettingFailures(RouteOptions.Section, name);
        foreach (var host in SettingText.ListOf(options.Hosts))
        {
            failures.Require(HostPattern.TryParse(host, out _), nameof(RouteOptions.Hosts), $"'{host}' is not a host such as films.example or *.films.example, without a port");
        }

        RequirePath(options.Path, nameof(RouteOptions.Path), failures);
        if (options.OriginPath is { Length: > 0 } originPath)
        {
            RequirePath(originPath, nameof(RouteOptions.OriginPath), failures);
            failures.Require(
                options.Path.EndsWith('/') == originPath.EndsWith('/'),
                nameof(RouteOptions.OriginPath),
                $"'{originPath}' and {nameof(RouteOptions.Path)} '{options.Path}' must both end with a slash, or neither");
        }

        RequireOrigin(options.Origin, failures);
        return failures.ToResult();
    }

    private void RequireOrigin(string? origin, SettingFailures failures)
    {
        if (string.IsNullOrEmpty(origin))
        {
            failures.Require(origins.All.Count <= 1, nameof(RouteOptions.Origin), $"is missing: takes one of {string.Join(", ", origins.All)}");
        }
        else
        {
            failures.Require(
                origins.All.Contains(origin.ToLowerInvariant()),
                nameof(RouteOptions.Origin),
                $"'{origin}' is not under {SiteNames.Section}{Suggestion.For(origin, origins.All)}");
        }
    }

    private static void RequirePath(string path, string key, SettingFailures failures) => failures.Require(
        RequestTarget.Parse(path, LongestPath, out var normal) is TargetVerdict.Accepted && !normal.Contains('?', StringComparison.Ordinal) && !normal.Contains('*', StringComparison.Ordinal),
        key,
        $"'{path}' is not the beginning of paths such as /films/, without a query or an asterisk");
}
