using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Settings;

/// <summary>Validates <see cref="TlsOptions"/> beyond the bounds of its properties. The content of the files is validated when it is loaded.</summary>
internal sealed class TlsOptionsValidator : IValidateOptions<TlsOptions>
{
    public ValidateOptionsResult Validate(string? name, TlsOptions options)
    {
        var failures = new SettingFailures(TlsOptions.Section);
        failures.Require(
            !options.HasCertificate || Path.Exists(options.Certificate),
            nameof(TlsOptions.Certificate),
            $"'{options.Certificate}' does not exist: takes a PEM file, or a directory of certificates");
        if (!string.IsNullOrEmpty(options.CertificateKey))
        {
            failures.Require(options.HasCertificate, nameof(TlsOptions.CertificateKey), "needs a certificate");
            failures.Require(
                !Directory.Exists(options.Certificate), nameof(TlsOptions.CertificateKey), "cannot be combined with a directory, which contains the keys too");
            failures.Require(
                File.Exists(options.CertificateKey), nameof(TlsOptions.CertificateKey), $"'{options.CertificateKey}' does not exist: takes a PEM file");
        }

        failures.Require(!options.AdminTls || options.HasCertificate, nameof(TlsOptions.AdminTls), "needs a certificate");
        if (options.PlainAddress is { } plain)
        {
            failures.Require(options.HasCertificate, nameof(TlsOptions.PlainAddress), "needs a certificate: without one WebAddr has no TLS");
            failures.RequireListenable(plain, nameof(TlsOptions.PlainAddress));
        }

        if (options.Http2Address is { } http2)
        {
            failures.RequireListenable(http2, nameof(TlsOptions.Http2Address));
        }

        return failures.ToResult();
    }
}
