using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>The ranges of <see cref="OriginOptions"/>.</summary>
internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    // TimeSpan reads "5" as five days; the upper bound catches who meant seconds.
    private static readonly TimeSpan MostTimeout = TimeSpan.FromMinutes(10);
    private const int MostRequestFields = 16;

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(1);

    // The proxy makes these itself, or they are about one connection.
    private static readonly HashSet<string> NotPassedOn = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Range", "Via", "Accept-Encoding", "Connection", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding",
        "Upgrade", "Expect", "Max-Forwards", "Cache-Control", "Pragma", "CDN-Loop",
    };

    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var failures = new SettingFailures(OriginOptions.Section);
        failures.RequireBetween(options.ConnectTimeout, LeastTimeout, MostTimeout, nameof(OriginOptions.ConnectTimeout));
        failures.RequireBetween(options.FirstByteTimeout, LeastTimeout, MostTimeout, nameof(OriginOptions.FirstByteTimeout));
        failures.RequireBetween(options.StallTimeout, LeastTimeout, MostTimeout, nameof(OriginOptions.StallTimeout));
        failures.RequireBetween(options.MaxConnections, 1, 10_000, nameof(OriginOptions.MaxConnections));
        failures.RequireBetween(options.MaxRedirects, 0, 20, nameof(OriginOptions.MaxRedirects));
        failures.RequireBetween(options.Attempts, 1, 20, nameof(OriginOptions.Attempts));
        failures.RequireBetween(options.Backoff, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(OriginOptions.Backoff));
        failures.RequireBetween(options.RetryAfterLimit, TimeSpan.Zero, MostTimeout, nameof(OriginOptions.RetryAfterLimit));
        failures.Require(
            options.KeptStatusList().All(status => status is >= 300 and < 600 and not 304), nameof(OriginOptions.KeptStatuses), "takes statuses from 300 to 599, except 304");
        foreach (var host in options.RedirectHostList())
        {
            failures.Require(
                Uri.TryCreate($"http://{host.Replace("*.", "any.", StringComparison.Ordinal)}/", UriKind.Absolute, out var url) && url is { UserInfo: "", AbsolutePath: "/" },
                nameof(OriginOptions.RedirectHosts),
                $"'{host}' is not host, host:port or *.domain");
        }

        failures.RequireBetween(options.MaxVariants, 1, 1000, nameof(OriginOptions.MaxVariants));
        failures.Require(
            options.RequestFieldNames.Count <= MostRequestFields && options.RequestFieldNames.All(MayBePassedOn),
            nameof(OriginOptions.RequestFields),
            $"'{options.RequestFields}' is not a list of up to {MostRequestFields} request fields such as Origin, Accept-Language (not Range, If-…, Content-…, nor one that the proxy sets itself)");
        failures.Require(
            options.TargetedFieldNames.All(name => FieldTokens.IsToken(name)),
            nameof(OriginOptions.TargetedCacheControl),
            $"'{options.TargetedCacheControl}' is not a list of field names such as CDN-Cache-Control");
        failures.Require(FieldValue.IsSendable(options.UserAgent), nameof(OriginOptions.UserAgent), "takes no control characters and no characters beyond Latin-1");
        return failures.ToResult();
    }

    private static bool MayBePassedOn(string name) =>
        FieldTokens.IsToken(name)
        && !NotPassedOn.Contains(name)
        && !name.StartsWith("If-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
}
