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
            RequireFile(options.UrlKeyFile, UrlKeys.Parse, nameof(AccessOptions.UrlKeyFile), failures);
        }

        if (options.HasBearer)
        {
            RequireBearer(options, failures);
        }
        else
        {
            RequireNoBearer(options, failures);
        }

        return failures.ToResult();
    }

    private static void RequireNoBearer(AccessOptions options, SettingFailures failures)
    {
        Refuse(options.BearerIssuer, nameof(AccessOptions.BearerIssuer));
        Refuse(options.BearerAudience, nameof(AccessOptions.BearerAudience));
        Refuse(options.BearerScope, nameof(AccessOptions.BearerScope));
        Refuse(options.BearerClaims, nameof(AccessOptions.BearerClaims));

        void Refuse(string? value, string key) =>
            failures.Require(string.IsNullOrEmpty(value), key, $"has no effect without {nameof(AccessOptions.BearerKeysFile)} or {nameof(AccessOptions.BearerAuthority)}");
    }

    // A method of its own: the assemblies for tokens are loaded with it.
    private static void RequireBearer(AccessOptions options, SettingFailures failures)
    {
        var hasFile = !string.IsNullOrEmpty(options.BearerKeysFile);
        failures.Require(!hasFile || options.BearerAuthority is null, nameof(AccessOptions.BearerAuthority), $"cannot be combined with {nameof(AccessOptions.BearerKeysFile)}");
        failures.Require(
            options.BearerAuthority is null || IsAuthority(options.BearerAuthority),
            nameof(AccessOptions.BearerAuthority),
            $"'{options.BearerAuthority}' is not a URL such as https://login.example/realms/films, with https, without a query");
        failures.Require(
            !hasFile || !string.IsNullOrEmpty(options.BearerIssuer), nameof(AccessOptions.BearerIssuer), $"is missing: with {nameof(AccessOptions.BearerKeysFile)}, takes the issuer that tokens name (iss)");
        failures.Require(SettingText.ListOf(options.BearerAudience) is not [], nameof(AccessOptions.BearerAudience), "is missing: takes the audience that tokens name (aud)");
        try
        {
            BearerRules.ClaimsIn(options.BearerClaims);
        }
        catch (FormatException error)
        {
            failures.Require(false, nameof(AccessOptions.BearerClaims), error.Message);
        }

        if (hasFile)
        {
            RequireFile(options.BearerKeysFile!, BearerKeys.Parse, nameof(AccessOptions.BearerKeysFile), failures);
        }
    }

    // Without TLS only on this machine.
    private static bool IsAuthority(Uri url) =>
        url.IsAbsoluteUri && (url.Scheme == "https" || (url.Scheme == "http" && url.IsLoopback)) && url.Query.Length == 0 && url.Fragment.Length == 0 && url.UserInfo.Length == 0;

    private static void RequireFile<T>(string file, Func<string, T> parse, string key, SettingFailures failures)
        where T : class
    {
        try
        {
            RereadFile<T>.Read(file, parse);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or FormatException)
        {
            failures.Require(false, key, error is FormatException ? error.Message : $"cannot be read: {error.Message}");
        }
    }
}
