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
            string.IsNullOrEmpty(options.Username) == (string.IsNullOrEmpty(options.Password) && string.IsNullOrEmpty(options.PasswordFile)),
            nameof(EtcdOptions.Password),
            "requires a user name, and a user name requires a password");
        failures.Require(
            string.IsNullOrEmpty(options.Password) || string.IsNullOrEmpty(options.PasswordFile), nameof(EtcdOptions.PasswordFile), $"excludes {nameof(EtcdOptions.Password)}");
        failures.Require(
            string.IsNullOrEmpty(options.PasswordFile) || HasPassword(options), nameof(EtcdOptions.PasswordFile), $"'{options.PasswordFile}' is not a file with a password in its first line");
        failures.Require(
            !options.EnableAuthentication || options.Username == EtcdAuthentication.Root,
            nameof(EtcdOptions.EnableAuthentication),
            $"requires {nameof(EtcdOptions.Username)} '{EtcdAuthentication.Root}', the user that etcd requires for it");
        failures.Require(
            options.CaFile is null || File.Exists(options.CaFile), nameof(EtcdOptions.CaFile), $"'{options.CaFile}' is not a file that can be read");
        return failures.ToResult();
    }

    private static bool HasPassword(EtcdOptions options)
    {
        try
        {
            return options.ReadPassword() is not null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
