using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Settings;

/// <summary>The ranges of <see cref="WebOptions"/>.</summary>
internal sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var failures = new SettingFailures(WebOptions.Section);
        failures.RequireListenable(options.WebAddr, nameof(WebOptions.WebAddr));
        failures.RequireBetween(options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(WebOptions.DrainTimeout));
        return failures.ToResult();
    }
}
