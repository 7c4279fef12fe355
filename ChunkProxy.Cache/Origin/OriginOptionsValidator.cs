using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Validates <see cref="OriginOptions"/> beyond the ranges of its properties.</summary>
internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    private const int MostRequestFields = 16;

    private static readonly HashSet<string> SetByTheProxy = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Range", "Via", "Accept-Encoding", "Expect", "Max-Forwards", "Cache-Control", "Pragma", "CDN-Loop",
    };

    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var failures = new SettingFailures(OriginOptions.Section, name);
        failures.Require(
            options.KeptStatusList().All(status => status is >= 300 and < 600 and not 304), nameof(OriginOptions.KeptStatuses), "takes statuses from 300 to 599, except 304");
        failures.Require(
            options.ProbePath is ['/', ..] && Uri.IsWellFormedUriString(options.ProbePath, UriKind.Relative),
            nameof(OriginOptions.ProbePath),
            $"'{options.ProbePath}' is not a path such as /health");
        foreach (var host in SettingText.ListOf(options.RedirectHosts))
        {
            failures.Require(RedirectHost.TryParse(host, out _), nameof(OriginOptions.RedirectHosts), $"'{host}' is not {RedirectHost.Expected}");
        }

        failures.Require(
            options.RequestFieldNames.Count <= MostRequestFields && options.RequestFieldNames.All(MayBePassedOn),
            nameof(OriginOptions.RequestFields),
            $"'{options.RequestFields}' is not a list of up to {MostRequestFields} request fields such as Origin, Accept-Language (not Range, If-…, Content-…, nor one that the proxy sets itself)");
        failures.Require(
            options.TargetedFieldNames.All(name => FieldTokens.IsToken(name)),
            nameof(OriginOptions.TargetedCacheControl),
            $"'{options.TargetedCacheControl}' is not a list of field names such as CDN-Cache-Control");
        failures.Require(
            string.IsNullOrEmpty(options.CaFile) || TrustedAuthorities.CanBeRead(options.CaFile), nameof(OriginOptions.CaFile), $"'{options.CaFile}' is not a PEM file with certificates that can be read");
        failures.Require(FieldValue.IsSendable(options.UserAgent), nameof(OriginOptions.UserAgent), "takes no control characters and no characters beyond Latin-1");
        return failures.ToResult();
    }

    /// <summary>Returns whether a request field may be sent to the origin in addition to those that the proxy sets itself.</summary>
    public static bool MayBePassedOn(string name) =>
        FieldTokens.IsToken(name)
        && !SetByTheProxy.Contains(name)
        && !HopByHopFields.IsOne(name)
        && !name.StartsWith("If-", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);
}
