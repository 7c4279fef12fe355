using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Requires an admin address if it is to have TLS. The address for clients has TLS anyway, so the setting would do nothing.</summary>
internal sealed class AdminTlsValidator(IOptions<AdminOptions> admin) : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var failures = new SettingFailures(TlsOptions.Section);
        failures.Require(!options.AdminTls || admin.Value.AdminAddress is not null, nameof(TlsOptions.AdminTls), "needs an AdminAddress");
        return failures.ToResult();
    }
}
