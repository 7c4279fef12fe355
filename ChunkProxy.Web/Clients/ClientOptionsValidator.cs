using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Clients;

/// <summary>Validates <see cref="ClientOptions"/> beyond the bounds of its properties.</summary>
internal sealed class ClientOptionsValidator : IValidateOptions<ClientOptions>
{
    private const long LeastRate = 1024; // a piece a second

    public ValidateOptionsResult Validate(string? name, ClientOptions options)
    {
        var failures = new SettingFailures(ClientOptions.Section, name);
        AddressNetworks.Require(options.TrustedProxies, nameof(ClientOptions.TrustedProxies), failures);
        failures.Require(options.Rate == 0 || options.Rate >= LeastRate, nameof(ClientOptions.Rate), "takes 0 or at least 1KiB");
        return failures.ToResult();
    }
}
