using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Validates <see cref="AccessOptions"/>. No message contains a key.</summary>
internal sealed class AccessOptionsValidator : IValidateOptions<AccessOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessOptions options)
    {
        var failures = new SettingFailures(AccessOptions.Section, name);
        RequireNetworks(options.Allow, nameof(AccessOptions.Allow), failures);
        RequireNetworks(options.Deny, nameof(AccessOptions.Deny), failures);
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

    private static void RequireNetworks(string? list, string key, SettingFailures failures)
    {
        foreach (var text in SettingText.ListOf(list))
        {
            failures.Require(AddressRules.TryParse(text, out _), key, $"'{text}' is not an address or a network such as 10.0.0.0/8 or 2001:db8::/32");
        }
    }
}
