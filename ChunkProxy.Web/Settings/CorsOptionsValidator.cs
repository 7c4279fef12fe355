using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Settings;

/// <summary>Validates <see cref="CorsOptions"/> beyond the bounds of its properties.</summary>
internal sealed class CorsOptionsValidator : IValidateOptions<CorsOptions>
{
    public ValidateOptionsResult Validate(string? name, CorsOptions options)
    {
        var failures = new SettingFailures(CorsOptions.Section, name);
        var origins = SettingText.ListOf(options.Cors).ToList();
        foreach (var origin in origins)
        {
            failures.Require(origin == "*" || AllowedOrigin.TryParse(origin, out _), nameof(CorsOptions.Cors), $"'{origin}' is not {AllowedOrigin.Expected}");
        }

        failures.Require(string.IsNullOrEmpty(options.Cors) || origins is not [], nameof(CorsOptions.Cors), $"is an empty list: takes {AllowedOrigin.Expected}");
        failures.Require(
            !options.CorsCredentials || (origins is not [] && !origins.Contains("*")),
            nameof(CorsOptions.CorsCredentials),
            "needs a list of origins without *, because browsers reject credentials for all origins");
        foreach (var field in SettingText.ListOf(options.CorsExposedFields))
        {
            failures.Require(
                field.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), nameof(CorsOptions.CorsExposedFields), $"'{field}' is not the name of a field");
        }

        return failures.ToResult();
    }
}
