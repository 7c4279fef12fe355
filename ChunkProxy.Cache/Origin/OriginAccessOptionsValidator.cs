using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Validates <see cref="OriginAccessOptions"/>. No message contains a secret.</summary>
internal sealed class OriginAccessOptionsValidator : IValidateOptions<OriginAccessOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginAccessOptions options)
    {
        var failures = new SettingFailures(OriginAccessOptions.Section, name);
        Require(options.Fields, options.FieldsFile, nameof(OriginAccessOptions.Fields), nameof(OriginAccessOptions.FieldsFile), OriginCredentials.FieldsIn, failures);
        Require(options.Query, options.QueryFile, nameof(OriginAccessOptions.Query), nameof(OriginAccessOptions.QueryFile), OriginCredentials.QueryIn, failures);
        return failures.ToResult();
    }

    private static void Require<T>(string? text, string? file, string key, string fileKey, Func<string, T> parse, SettingFailures failures)
        where T : class
    {
        failures.Require(string.IsNullOrEmpty(text) || string.IsNullOrEmpty(file), fileKey, $"cannot be combined with {key}");
        try
        {
            if (!string.IsNullOrEmpty(text))
            {
                parse(text);
            }
        }
        catch (FormatException error)
        {
            failures.Require(false, key, error.Message);
        }

        try
        {
            if (!string.IsNullOrEmpty(file))
            {
                RereadFile<T>.Read(file, parse);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            failures.Require(false, fileKey, $"cannot be read: {error.Message}");
        }
        catch (FormatException error)
        {
            failures.Require(false, fileKey, error.Message);
        }
    }
}
