using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Settings;

/// <summary>The ranges of <see cref="FrontEndOptions"/>.</summary>
internal sealed class FrontEndOptionsValidator : IValidateOptions<FrontEndOptions>
{
    private static readonly ByteSize MostLookAhead = ByteSize.MiB(1024);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public ValidateOptionsResult Validate(string? name, FrontEndOptions options)
    {
        var failures = new SettingFailures(FrontEndOptions.Section);
        failures.RequireBetween(options.MaxTargetLength, 256, 64 * 1024, nameof(FrontEndOptions.MaxTargetLength));
        failures.RequireBetween(options.MaxRanges, 1, 1000, nameof(FrontEndOptions.MaxRanges));
        failures.Require(
            options.LookAheadLimit <= MostLookAhead,
            nameof(FrontEndOptions.LookAheadLimit),
            $"{options.LookAheadLimit} is not a size up to {MostLookAhead}");
        failures.RequireBetween(options.WriteTimeout, Second, TimeSpan.FromDays(1), nameof(FrontEndOptions.WriteTimeout));
        failures.RequireBetween(options.VersionRestarts, 0, 10, nameof(FrontEndOptions.VersionRestarts));
        failures.RequireBetween(options.RetryAfter, Second, TimeSpan.FromHours(1), nameof(FrontEndOptions.RetryAfter));
        return failures.ToResult();
    }
}
