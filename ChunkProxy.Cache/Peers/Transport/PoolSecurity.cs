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

/// <summary>What lies under the pool's HTTP: TLS where it is configured. Who is a member is proved by the key, by certificates, or by both.</summary>
internal sealed class PoolSecurity
{
    private readonly PoolTls? _tls;

    public PoolSecurity(IOptions<PoolOptions> options, KeyRing keys, ClusterView cluster)
    {
        var pool = options.Value;
        ProvesMembers = !keys.IsEmpty || pool.PoolAuthority is { Length: > 0 };
        if (pool.PoolCertificate is { Length: > 0 } certificate)
        {
            _tls = new PoolTls(certificate, pool.PoolCertificateKey, pool.PoolAuthority, NamesOfMembers);
        }

        IEnumerable<string> NamesOfMembers() =>
            pool.CertificateNames.Concat(cluster.Owners.Epoch.Members.Concat(cluster.Drained ?? []).Select(member => HostPort.Parse(member.Id).Host));
    }

    /// <summary>Strangers are refused. If not, everyone who reaches the pool's port is taken for a member.</summary>
    public bool ProvesMembers { get; }

    public bool UsesTls => _tls is not null;

    public string Scheme => UsesTls ? "https" : "http";

    /// <summary>Sets the connections to other members up.</summary>
    public void Secure(SocketsHttpHandler client) => _tls?.Secure(client);

    /// <summary>Sets the pool's listener up; with an authority, members must show a certificate of it too.</summary>
    public void Secure(ListenOptions listener) => _tls?.Secure(listener);
}
