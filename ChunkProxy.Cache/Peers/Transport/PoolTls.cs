using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>TLS between members: each shows its certificate, and with an authority takes only certificates of that.</summary>
/// <remarks>Nothing else of the pool names a type of X.509 or TLS: those are loaded with this class, and make an idle process 2 MiB larger.</remarks>
internal sealed class PoolTls
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection? _authorities;

    /// <param name="certificateFile">PEM, this member's (chain).</param>
    /// <param name="keyFile">PEM, its private key; null if that is in the same file.</param>
    /// <param name="authorityFile">PEM; null or empty: every certificate that the machine trusts is taken.</param>
    public PoolTls(string certificateFile, string? keyFile, string? authorityFile)
    {
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
        RemoteCertificateValidationCallback = _authorities is null ? null : (_, certificate, _, errors) => IsOfOurs(certificate, errors),
    };

    public void Secure(ListenOptions listener) => listener.UseHttps(https =>
    {
        https.ServerCertificate = _certificate;
        if (_authorities is not null)
        {
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.ClientCertificateValidation = (certificate, _, errors) => IsOfOurs(certificate, errors & ~SslPolicyErrors.RemoteCertificateNameMismatch);
        }
    });

    private bool IsOfOurs(X509Certificate? certificate, SslPolicyErrors errors)
    {
        if (certificate is null || (errors & SslPolicyErrors.RemoteCertificateNameMismatch) != 0)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // the pool's own authority has no such service
        using var leaf = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(leaf);
    }
}
