using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>The ranges of <see cref="SuperHotOptions"/>.</summary>
internal sealed class SuperHotOptionsValidator : IValidateOptions<SuperHotOptions>
{
    public ValidateOptionsResult Validate(string? name, SuperHotOptions options)
    {
        var failures = new SettingFailures(SuperHotOptions.Section);
        failures.RequireBetween(options.Threshold, 1, 1_000_000, nameof(SuperHotOptions.Threshold));
        failures.Require(options.Size > 0, nameof(SuperHotOptions.Size), "needs room for a chunk");
        failures.RequireBetween(options.Lifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), nameof(SuperHotOptions.Lifetime));
        failures.RequireBetween(options.Timeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10), nameof(SuperHotOptions.Timeout));
        failures.RequireBetween(options.RetryAfter, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(SuperHotOptions.RetryAfter));
        failures.RequireBetween(options.Concurrency, 1, 1_000, nameof(SuperHotOptions.Concurrency));
        return failures.ToResult();
    }
}
