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
        RequireS3(options, failures);
        RequireAzure(options, failures);
        return failures.ToResult();
    }

    private static void RequireS3(OriginAccessOptions options, SettingFailures failures)
    {
        if (string.IsNullOrEmpty(options.S3Region))
        {
            failures.Require(string.IsNullOrEmpty(options.S3CredentialsFile), nameof(OriginAccessOptions.S3CredentialsFile), $"has no effect without {nameof(OriginAccessOptions.S3Region)}");
            failures.Require(string.IsNullOrEmpty(options.S3Profile), nameof(OriginAccessOptions.S3Profile), $"has no effect without {nameof(OriginAccessOptions.S3Region)}");
            return;
        }

        failures.Require(
            !NamesAuthorization(options.Fields),
            nameof(OriginAccessOptions.Fields),
            $"has no effect on Authorization with {nameof(OriginAccessOptions.S3Region)}");
        failures.Require(
            options.S3Region.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-'),
            nameof(OriginAccessOptions.S3Region),
            $"'{options.S3Region}' is not a region such as eu-central-1");
        RequireCredentials(options, failures);
    }

    private static void RequireAzure(OriginAccessOptions options, SettingFailures failures)
    {
        if (options.AzureIdentity is null)
        {
            failures.Require(string.IsNullOrEmpty(options.AzureClientId), nameof(OriginAccessOptions.AzureClientId), $"has no effect without {nameof(OriginAccessOptions.AzureIdentity)}");
            return;
        }

        failures.Require(string.IsNullOrEmpty(options.S3Region), nameof(OriginAccessOptions.AzureIdentity), $"cannot be combined with {nameof(OriginAccessOptions.S3Region)}");
        failures.Require(
            !NamesAuthorization(options.Fields),
            nameof(OriginAccessOptions.Fields),
            $"has no effect on Authorization with {nameof(OriginAccessOptions.AzureIdentity)}");
        failures.Require(
            string.IsNullOrEmpty(options.AzureClientId) || options.AzureIdentity is AzureIdentity.Default or AzureIdentity.ManagedIdentity or AzureIdentity.WorkloadIdentity,
            nameof(OriginAccessOptions.AzureClientId),
            $"has no effect with {options.AzureIdentity}");
    }

    private static bool NamesAuthorization(string? fields) =>
        fields?.Split('\n').Any(line => line.Split(':')[0].Trim().Equals("Authorization", StringComparison.OrdinalIgnoreCase)) == true;

    // A method of its own: the AWS SDK is loaded with it.
    private static void RequireCredentials(OriginAccessOptions options, SettingFailures failures)
    {
        try
        {
            S3Credentials.Of(options);
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException or Amazon.Runtime.AmazonClientException)
        {
            failures.Require(false, string.IsNullOrEmpty(options.S3CredentialsFile) ? nameof(OriginAccessOptions.S3Profile) : nameof(OriginAccessOptions.S3CredentialsFile), error.Message);
        }
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
