using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>The pool's transport security: TLS if configured. The key, certificates, or both authenticate members.</summary>
internal sealed class PoolSecurity
{
    private readonly PoolTls? _tls;

    public PoolSecurity(IOptions<PoolOptions> options, ClusterView cluster)
    {
        var pool = options.Value;
        if (pool.PoolCertificate is { Length: > 0 } certificate)
        {
            _tls = new PoolTls(certificate, pool.PoolCertificateKey, pool.PoolAuthority, NamesOfMembers);
        }

        IEnumerable<string> NamesOfMembers() =>
            pool.CertificateNames.Concat(cluster.Owners.Epoch.Members.Concat(cluster.Drained ?? []).Select(member => HostPort.Parse(member.Id).Host));
    }

    public bool UsesTls => _tls is not null;

    public string Scheme => UsesTls ? "https" : "http";

    /// <summary>Configures the connections to other members.</summary>
    public void Secure(SocketsHttpHandler client) => _tls?.Secure(client);

    /// <summary>Configures the pool's listener. With an authority, clients must present a certificate that it issued.</summary>
    public void Secure(ListenOptions listener) => _tls?.Secure(listener);
}
