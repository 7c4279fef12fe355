using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Popularity;

/// <summary>The ranges of <see cref="NearCopyOptions"/>.</summary>
internal sealed class NearCopyOptionsValidator : IValidateOptions<NearCopyOptions>
{
    public ValidateOptionsResult Validate(string? name, NearCopyOptions options)
    {
        var failures = new SettingFailures(NearCopyOptions.Section);
        failures.RequireBetween(options.Threshold, 0, 1_000_000, nameof(NearCopyOptions.Threshold));
        failures.RequireBetween(options.HalfLife, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), nameof(NearCopyOptions.HalfLife));
        failures.Require(options.Share is >= 0 and <= 1, nameof(NearCopyOptions.Share), $"{options.Share} is not between 0 and 1");
        return failures.ToResult();
    }
}
