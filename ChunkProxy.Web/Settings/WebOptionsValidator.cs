using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Settings;

/// <summary>Validates <see cref="WebOptions"/> beyond the bounds of its properties.</summary>
internal sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var failures = new SettingFailures(WebOptions.Section);
        failures.RequireListenable(options.WebAddr, nameof(WebOptions.WebAddr));
        return failures.ToResult();
    }
}
