using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Logs;

/// <summary>Validates <see cref="AccessLogOptions"/>.</summary>
internal sealed class AccessLogOptionsValidator : IValidateOptions<AccessLogOptions>
{
    public ValidateOptionsResult Validate(string? name, AccessLogOptions options)
    {
        var failures = new SettingFailures(AccessLogOptions.Section);
        try
        {
            LineFormat.Parse(options.Format, options.Query);
        }
        catch (FormatException error)
        {
            failures.Require(false, nameof(AccessLogOptions.Format), error.Message);
        }

        return failures.ToResult();
    }
}
