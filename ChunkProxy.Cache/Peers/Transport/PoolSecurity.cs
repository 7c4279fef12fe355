using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ChunkProxy.Cache.Membership;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>How members know each other: by a key that all share, over TLS where it is configured.</summary>
internal sealed class PoolSecurity
{
    private readonly byte[]? _keyDigest;
    private readonly PoolTls? _tls;

    public PoolSecurity(IOptions<PoolOptions> options)
    {
        var pool = options.Value;
        var key = pool.PoolKeyFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : pool.PoolKey;
        if (!string.IsNullOrEmpty(key))
        {
            var token = Convert.ToBase64String(Encoding.UTF8.GetBytes(key)); // a key may have characters that a header field may not
            _keyDigest = DigestOf($"Bearer {token}");
            Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (pool.PoolCertificate is { Length: > 0 } certificate)
        {
            _tls = new PoolTls(certificate, pool.PoolCertificateKey, pool.PoolAuthority);
        }
    }

    /// <summary>What members send with each request; null without a key.</summary>
    public AuthenticationHeaderValue? Authorization { get; }

    public bool UsesTls => _tls is not null;

    public string Scheme => UsesTls ? "https" : "http";

    /// <summary>Compares in constant time, whatever the lengths: digests are compared.</summary>
    public bool Admits(string? authorization) =>
        _keyDigest is null
        || (authorization is not null && CryptographicOperations.FixedTimeEquals(_keyDigest, DigestOf(authorization)));

    /// <summary>Sets the connections to other members up.</summary>
    public void Secure(SocketsHttpHandler client) => _tls?.Secure(client);

    /// <summary>Sets the pool's listener up; with an authority, members must show a certificate of it too.</summary>
    public void Secure(ListenOptions listener) => _tls?.Secure(listener);

    private static byte[] DigestOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
