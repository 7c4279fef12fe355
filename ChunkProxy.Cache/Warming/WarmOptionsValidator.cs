using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Warming;

/// <summary>The ranges of <see cref="WarmOptions"/>.</summary>
internal sealed class WarmOptionsValidator : IValidateOptions<WarmOptions>
{
    public ValidateOptionsResult Validate(string? name, WarmOptions options)
    {
        var failures = new SettingFailures(WarmOptions.Section);
        failures.RequireBetween(options.Concurrency, 1, 1000, nameof(WarmOptions.Concurrency));
        failures.RequireBetween(options.Attempts, 1, 20, nameof(WarmOptions.Attempts));
        failures.RequireBetween(options.Backoff, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(WarmOptions.Backoff));
        return failures.ToResult();
    }
}
