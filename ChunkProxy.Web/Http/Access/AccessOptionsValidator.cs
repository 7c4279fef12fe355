using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Clients;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Validates <see cref="AccessOptions"/>. No message contains a key.</summary>
internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var failures = new SettingFailures(AccessOptions.Section, name);
        AddressNetworks.Require(options.Allow, nameof(AccessOptions.Allow), failures);
        AddressNetworks.Require(options.Deny, nameof(AccessOptions.Deny), failures);
        if (!string.IsNullOrEmpty(options.UrlKeyFile))
        {
            try
            {
                RereadFile<UrlKeys>.Read(options.UrlKeyFile, UrlKeys.Parse);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
            {
                failures.Require(false, nameof(AccessOptions.UrlKeyFile), error is FormatException ? error.Message : $"cannot be read: {error.Message}");
            }
        }

        return failures.ToResult();
    }
}
