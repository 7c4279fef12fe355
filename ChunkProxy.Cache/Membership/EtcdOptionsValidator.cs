using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

/// <summary>What <see cref="EtcdOptions"/> take beside their bounds.</summary>
internal sealed class EtcdOptionsValidator : IValidateOptions<EtcdOptions>
{
    public ValidateOptionsResult Validate(string? name, EtcdOptions options)
    {
        var failures = new SettingFailures(EtcdOptions.Section);
        failures.Require(options.LeaseTtl.Ticks % TimeSpan.TicksPerSecond == 0, nameof(EtcdOptions.LeaseTtl), $"{options.LeaseTtl} is not a number of whole seconds");
        failures.Require(
            string.IsNullOrEmpty(options.Username) == string.IsNullOrEmpty(options.Password),
            nameof(EtcdOptions.Password),
            "goes with a user name, and a user name with it");
        failures.Require(
            options.CaFile is null || File.Exists(options.CaFile), nameof(EtcdOptions.CaFile), $"'{options.CaFile}' is not a file that can be read");
        return failures.ToResult();
    }
}
