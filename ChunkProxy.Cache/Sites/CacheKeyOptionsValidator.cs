using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Sites;

/// <summary>Validates <see cref="CacheKeyOptions"/>.</summary>
internal sealed class CacheKeyOptionsValidator : IValidateOptions<CacheKeyOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheKeyOptions options)
    {
        var failures = new SettingFailures(CacheKeyOptions.Section, name);
        RequireNames(options.Only, nameof(CacheKeyOptions.Only), failures);
        RequireNames(options.Ignore, nameof(CacheKeyOptions.Ignore), failures);
        failures.Require(
            string.IsNullOrEmpty(options.Only) || string.IsNullOrEmpty(options.Ignore), nameof(CacheKeyOptions.Only), "cannot be combined with CacheKey:Ignore");
        failures.Require(
            options.Query is not KeyQuery.None || (string.IsNullOrEmpty(options.Only) && string.IsNullOrEmpty(options.Ignore) && !options.Sort),
            nameof(CacheKeyOptions.Query),
            "None leaves out the whole query: CacheKey:Only, CacheKey:Ignore and CacheKey:Sort have no effect");
        return failures.ToResult();
    }

    private static void RequireNames(string? list, string key, SettingFailures failures)
    {
        foreach (var name in SettingText.ListOf(list))
        {
            failures.Require(
                ParameterNames.IsName(name), key, $"'{name}' is not the name of a query parameter such as token, or the beginning of names such as utm_*");
        }
    }
}
