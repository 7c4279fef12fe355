using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Membership;

/// <summary>Checks <see cref="EtcdOptions"/> beyond the bounds of each property.</summary>
internal sealed class EtcdOptionsValidator : IValidateOptions<EtcdOptions>
{
    public ValidateOptionsResult Validate(string? name, EtcdOptions options)
    {
        var failures = new SettingFailures(EtcdOptions.Section);
        failures.Require(options.LeaseTtl.Ticks % TimeSpan.TicksPerSecond == 0, nameof(EtcdOptions.LeaseTtl), $"{options.LeaseTtl} is not a number of whole seconds");
        failures.Require(
            string.IsNullOrEmpty(options.Username) == string.IsNullOrEmpty(options.Password),
            nameof(EtcdOptions.Password),
            "requires a user name, and a user name requires a password");
        failures.Require(
            options.CaFile is null || File.Exists(options.CaFile), nameof(EtcdOptions.CaFile), $"'{options.CaFile}' is not a file that can be read");
        return failures.ToResult();
    }
}
