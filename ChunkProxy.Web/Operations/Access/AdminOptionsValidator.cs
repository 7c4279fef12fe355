using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Validates <see cref="AdminOptions"/>. No message contains a key.</summary>
internal sealed class AdminOptionsValidator : IValidateOptions<AdminOptions>
{
    private const int ShortestKey = 16;
    private const int LongestKey = 512;

    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        var failures = new SettingFailures(AdminOptions.Section);
        if (options.AdminAddress is { } address)
        {
            failures.RequireListenable(address, nameof(AdminOptions.AdminAddress));
        }

        var file = options.AdminKeyFile is { Length: > 0 };
        failures.Require(!file || string.IsNullOrEmpty(options.AdminKey), nameof(AdminOptions.AdminKeyFile), "cannot be combined with AdminKey");
        failures.Require(
            options.AdminKeyGuards is not AdminKeyGuards.Everything || file || options.AdminKey is { Length: > 0 },
            nameof(AdminOptions.AdminKeyGuards),
            $"{AdminKeyGuards.Everything} needs an admin key");
        failures.Require(
            options.AdminHostNames.All(static host => Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) is not UriHostNameType.Unknown),
            nameof(AdminOptions.AdminHosts),
            $"'{options.AdminHosts}' is not a list of hosts such as cache.example,*.internal.example");
        if (file)
        {
            RequireKeyOfFile(options, failures);
        }
        else if (options.AdminKey is { Length: > 0 } key)
        {
            RequireKey(key, nameof(AdminOptions.AdminKey), failures);
        }

        return failures.ToResult();
    }

    private static void RequireKeyOfFile(AdminOptions options, SettingFailures failures)
    {
        try
        {
            foreach (var key in SharedSecret.TextsOf(options.AdminKey, options.AdminKeyFile).DefaultIfEmpty(""))
            {
                RequireKey(key, nameof(AdminOptions.AdminKeyFile), failures);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            failures.Require(false, nameof(AdminOptions.AdminKeyFile), $"cannot be read: {e.Message}");
        }
    }

    private static void RequireKey(string key, string name, SettingFailures failures)
    {
        failures.Require(
            key.Length is >= ShortestKey and <= LongestKey, name, $"the key has {key.Length} characters: takes {ShortestKey} to {LongestKey}");

        // The key is sent in a header field unchanged, as curl does.
        failures.Require(key.All(static c => c is > ' ' and <= '~'), name, "the key takes visible ASCII characters only, without blanks");
    }
}
