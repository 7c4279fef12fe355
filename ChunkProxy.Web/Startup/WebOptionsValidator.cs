using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Startup;

/// <summary>The ranges of <see cref="WebOptions"/>.</summary>
internal sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options)
    {
        var failures = new SettingFailures(WebOptions.Section);
        failures.Require(
            options.WebAddr.IsEveryAddress || options.WebAddr.Address is not null || KestrelListening.IsLocalhost(options.WebAddr),
            nameof(WebOptions.WebAddr),
            $"'{options.WebAddr}' is not {ListenAddress.Expected}");

        // localhost is two addresses, IPv4 and IPv6; a free port of one need not be free at the other.
        failures.Require(
            options.WebAddr.Port != 0 || !KestrelListening.IsLocalhost(options.WebAddr),
            nameof(WebOptions.WebAddr),
            "takes a free port (0) at an address only, such as 127.0.0.1:0");
        failures.RequireBetween(options.DrainTimeout, TimeSpan.Zero, TimeSpan.FromHours(1), nameof(WebOptions.DrainTimeout));
        return failures.ToResult();
    }
}
