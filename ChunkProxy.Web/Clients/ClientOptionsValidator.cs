using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Clients;

/// <summary>Validates <see cref="ClientOptions"/> beyond the bounds of its properties.</summary>
internal sealed class ClientOptionsValidator : IValidateOptions<ClientOptions>
{
    public ValidateOptionsResult Validate(string? name, ClientOptions options)
    {
        var failures = new SettingFailures(ClientOptions.Section);
        AddressNetworks.Require(options.TrustedProxies, nameof(ClientOptions.TrustedProxies), failures);
        return failures.ToResult();
    }
}
