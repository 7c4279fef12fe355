using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>How members know each other: by a key that all share, over TLS where it is configured.</summary>
internal sealed class PoolSecurity
{
    private readonly byte[]? _keyDigest;
    private readonly X509Certificate2? _certificate;
    private readonly X509Certificate2Collection? _authorities;

    public PoolSecurity(IOptions<PoolOptions> options)
    {
        var pool = options.Value;
        var key = pool.PoolKeyFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : pool.PoolKey;
        if (!string.IsNullOrEmpty(key))
        {
            var token = Convert.ToBase64String(Encoding.UTF8.GetBytes(key)); // a key may have characters that a header field may not
            _keyDigest = SHA256.HashData(Encoding.UTF8.GetBytes($"Bearer {token}"));
            Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (pool.PoolCertificate is { Length: > 0 } certificate)
        {
            using var pem = X509Certificate2.CreateFromPemFile(certificate, pool.PoolCertificateKey);
            _certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), password: null); // with a key that TLS servers can use
        }

        if (pool.PoolAuthority is { Length: > 0 } authority)
        {
            _authorities = [];
            _authorities.ImportFromPemFile(authority);
        }
    }

    /// <summary>What members send with each request; null without a key.</summary>
    public AuthenticationHeaderValue? Authorization { get; }

    public bool UsesTls => _certificate is not null;

    public string Scheme => UsesTls ? "https" : "http";

    public SslClientAuthenticationOptions ClientTls => new()
    {
        ClientCertificates = _certificate is null ? null : [_certificate],
        RemoteCertificateValidationCallback = _authorities is null ? null : (_, certificate, _, errors) => IsOfOurs(certificate, errors),
    };

    /// <summary>Compares in constant time, whatever the lengths: digests are compared.</summary>
    public bool Admits(string? authorization) =>
        _keyDigest is null
        || (authorization is not null && CryptographicOperations.FixedTimeEquals(_keyDigest, SHA256.HashData(Encoding.UTF8.GetBytes(authorization))));

    /// <summary>Sets the pool's listener up; with an authority, members must show a certificate of it too.</summary>
    public void Secure(Microsoft.AspNetCore.Server.Kestrel.Core.ListenOptions listener)
    {
        if (_certificate is null)
        {
            return;
        }

        listener.UseHttps(https =>
        {
            https.ServerCertificate = _certificate;
            if (_authorities is not null)
            {
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                https.ClientCertificateValidation = (certificate, _, errors) => IsOfOurs(certificate, errors & ~SslPolicyErrors.RemoteCertificateNameMismatch);
            }
        });
    }

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
