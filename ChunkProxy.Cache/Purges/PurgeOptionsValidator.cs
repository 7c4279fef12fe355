using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges;

/// <summary>The ranges of <see cref="PurgeOptions"/>.</summary>
internal sealed class PurgeOptionsValidator : IValidateOptions<PurgeOptions>
{
    public ValidateOptionsResult Validate(string? name, PurgeOptions options)
    {
        var failures = new SettingFailures(PurgeOptions.Section);
        failures.RequireBetween(options.Lapse, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), nameof(PurgeOptions.Lapse));
        failures.RequireBetween(options.Remembered, 16, 10_000_000, nameof(PurgeOptions.Remembered));
        return failures.ToResult();
    }
}
