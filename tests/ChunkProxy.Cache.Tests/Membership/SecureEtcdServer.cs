using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Cache.Tests.Membership;

/// <summary>An etcd that accepts TLS only, with a certificate for 127.0.0.1 from its own authority.</summary>
internal sealed class SecureEtcdServer : ServerProcess
{
    public string Url => $"https://127.0.0.1:{Port}";

    public string CaFile => Folder.Combine("ca.pem");

    /// <summary>An authority that has signed nothing here.</summary>
    public string StrangersCaFile => Folder.Combine("stranger.pem");

    public static async Task<SecureEtcdServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new SecureEtcdServer();
        server.WriteCertificates();
        await server.StartOnFreePortAsync(cancellationToken);
        return server;
    }

    protected override ChildProcess Launch()
    {
        const string Peer = "http://127.0.0.1:0"; // any free port: it is not used
        return ChildProcess.Start(
            "etcd",
            [
                "--data-dir", Folder.Combine("data"),
                "--cert-file", Folder.Combine("server.pem"), "--key-file", Folder.Combine("server.key"),
                "--listen-client-urls", Url, "--advertise-client-urls", Url,
                "--listen-peer-urls", Peer, "--initial-advertise-peer-urls", Peer, "--initial-cluster", $"default={Peer}",
            ]);
    }

    protected override bool IsReadyLine(string line) => line.Contains("ready to serve client requests", StringComparison.Ordinal);

    private void WriteCertificates()
    {
        using var ca = Authority("CN=test authority");
        using var stranger = Authority("CN=stranger");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=etcd", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(ca, ca.NotBefore, ca.NotAfter, [1]);

        File.WriteAllText(CaFile, ca.ExportCertificatePem());
        File.WriteAllText(StrangersCaFile, stranger.ExportCertificatePem());
        File.WriteAllText(Folder.Combine("server.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Folder.Combine("server.key"), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Certificate2 Authority(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
