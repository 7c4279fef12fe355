using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

/// <summary>The ranges of <see cref="EtcdOptions"/>.</summary>
internal sealed class EtcdOptionsValidator : IValidateOptions<EtcdOptions>
{
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    public ValidateOptionsResult Validate(string? name, EtcdOptions options)
    {
        var failures = new SettingFailures(EtcdOptions.Section);
        failures.RequireBetween(options.LeaseTtl, TimeSpan.FromSeconds(2), Most, nameof(EtcdOptions.LeaseTtl));
        failures.Require(options.LeaseTtl.Ticks % TimeSpan.TicksPerSecond == 0, nameof(EtcdOptions.LeaseTtl), $"{options.LeaseTtl} is not a number of whole seconds");
        failures.RequireBetween(options.ReconcileInterval, TimeSpan.FromSeconds(1), Most, nameof(EtcdOptions.ReconcileInterval));
        failures.RequireBetween(options.CallTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1), nameof(EtcdOptions.CallTimeout));
        failures.RequireBetween(options.ChangeDelay, TimeSpan.Zero, TimeSpan.FromSeconds(10), nameof(EtcdOptions.ChangeDelay));
        failures.RequireBetween(options.DrainTime, TimeSpan.Zero, Most, nameof(EtcdOptions.DrainTime));
        failures.Require(
            string.IsNullOrEmpty(options.Username) == string.IsNullOrEmpty(options.Password),
            nameof(EtcdOptions.Password),
            "goes with a user name, and a user name with it");
        failures.Require(
            options.CaFile is null || File.Exists(options.CaFile), nameof(EtcdOptions.CaFile), $"'{options.CaFile}' is not a file that can be read");
        return failures.ToResult();
    }
}
