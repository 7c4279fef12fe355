using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Tests.Operations.Access;

public sealed class AdminTlsValidatorTests
{
    [Theory]
    [InlineData(false, null, null)]
    [InlineData(false, ":9090", null)]
    [InlineData(true, ":9090", null)]
    [InlineData(true, null, "ChunkProxy:AdminTls: needs an AdminAddress")]
    public void Validate_AdminTls_NeedsAnAddress(bool adminTls, string? address, string? failure)
    {
        var admin = Options.Create(new AdminOptions { AdminAddress = address is null ? null : HostPort.Parse(address) });

        var result = new AdminTlsValidator(admin).Validate(null, new TlsOptions { AdminTls = adminTls });

        Assert.Equal(failure, result.FailureMessage);
    }
}
