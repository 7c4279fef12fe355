using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>
/// TLS between members: both sides present a certificate. With an authority, a certificate is accepted only if that authority issued it, for the
/// purpose it is used for, and in the name of a member or another permitted host.
/// </summary>
/// <remarks>Only this class names X.509 and TLS types, whose assemblies are loaded with it and enlarge an idle process by 2 MiB.</remarks>
internal sealed class PoolTls
{
    private readonly X509Certificate2 _certificate;
    // Extended key usages (RFC 5280, §4.2.1.12).
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    private readonly X509Certificate2Collection? _authorities;
    private readonly Func<IEnumerable<string>> _names;

    /// <param name="certificateFile">PEM: this member's certificate (chain).</param>
    /// <param name="keyFile">PEM: the private key; null if it is in the certificate file.</param>
    /// <param name="authorityFile">PEM: the authority; null or empty to accept every certificate that the machine trusts.</param>
    /// <param name="names">
    /// Hosts. The certificate of a connecting process must name one of them. This member's own certificate is always accepted, since all members may
    /// share one.
    /// </param>
    public PoolTls(string certificateFile, string? keyFile, string? authorityFile, Func<IEnumerable<string>> names)
    {
        _names = names;
        using var pem = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
        _certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null); // with a key that TLS servers can use
        if (authorityFile is { Length: > 0 })
        {
            _authorities = [];
            _authorities.ImportFromPemFile(authorityFile);
        }
    }

    public void Secure(SocketsHttpHandler client) => client.SslOptions = new()
    {
        ClientCertificates = [_certificate],
        RemoteCertificateValidationCallback = _authorities is null ? null : (_, certificate, _, errors) => IsTrustedServer(certificate, errors),
    };

    public void Secure(ListenOptions listener) => listener.UseHttps(https =>
    {
        https.ServerCertificate = _certificate;
        if (_authorities is not null)
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, _) => IsTrustedClient(certificate);
        }
    });

    // The name to match is that of the address connected to.
    private bool IsTrustedServer(X509Certificate? certificate, SslPolicyErrors errors) =>
        certificate is not null && (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0 && IsTrusted(certificate, ServerAuthentication);

    // The address of an incoming connection proves no name, so the certificate must name a permitted host.
    private bool IsTrustedClient(X509Certificate2 certificate) =>
        IsTrusted(certificate, ClientAuthentication)
        && (certificate.RawDataMemory.Span.SequenceEqual(_certificate.RawDataMemory.Span) || _names().Any(name => certificate.MatchesHostname(name, allowCommonName: false)));

    private bool IsTrusted(X509Certificate certificate, Oid usage)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // the pool's own authority has no revocation service
        chain.ChainPolicy.ApplicationPolicy.Add(usage);
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf);
    }
}
