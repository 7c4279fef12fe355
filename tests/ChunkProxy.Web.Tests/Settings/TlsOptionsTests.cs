using ChunkProxy.Cache.Settings;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Tests.Settings;

public sealed class TlsOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, null, null, null)]
    [InlineData("a.pem", null, ":80", null)]
    [InlineData("a.pem", "a.pem", null, null)]
    [InlineData(".", null, null, null)]
    [InlineData("none.pem", null, null, "ChunkProxy:Certificate: '")]
    [InlineData(null, "a.pem", null, "ChunkProxy:CertificateKey: needs a certificate")]
    [InlineData("a.pem", "none.pem", null, "ChunkProxy:CertificateKey: '")]
    [InlineData(".", "a.pem", null, "ChunkProxy:CertificateKey: cannot be combined with a directory")]
    [InlineData(null, null, ":80", "ChunkProxy:PlainAddress: needs a certificate")]
    [InlineData("a.pem", null, "node.example:80", "ChunkProxy:PlainAddress: 'node.example:80' is not ")]
    public void Validate_Settings_InvalidOnesAreNamed(string? certificate, string? key, string? plain, string? failure)
    {
        File.WriteAllText(_folder.Combine("a.pem"), "");

        var result = new TlsOptionsValidator().Validate(null, new TlsOptions
        {
            Certificate = certificate is null ? null : _folder.Combine(certificate),
            CertificateKey = key is null ? null : _folder.Combine(key),
            PlainAddress = plain is null ? null : HostPort.Parse(plain),
        });

        Assert.Equal(failure is not null, result.Failed);
        Assert.StartsWith(failure ?? "", result.FailureMessage ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_AdminTlsWithoutACertificate_IsNamed() =>
        Assert.StartsWith("ChunkProxy:AdminTls: needs a certificate", new TlsOptionsValidator().Validate(null, new TlsOptions { AdminTls = true }).FailureMessage, StringComparison.Ordinal);
}
