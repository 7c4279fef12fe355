using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChunkProxy.Cache.Origin;

/// <summary>The authorities that issue an origin's certificate, if they are not those that the machine trusts.</summary>
/// <remarks>Only this class of the folder names X.509 types, whose assemblies are loaded with it.</remarks>
internal static class OriginAuthorities
{
    /// <summary>Returns whether the file contains certificates.</summary>
    /// <param name="file">A PEM file.</param>
    public static bool CanBeRead(string file)
    {
        try
        {
            return Read(file).Count > 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Accepts certificates of these authorities only. The name in the certificate must be that of the origin, too.</summary>
    /// <param name="client">The client of the origin.</param>
    /// <param name="file">A PEM file.</param>
    public static void Trust(SocketsHttpHandler client, string file)
    {
        // As for certificates that the machine trusts, nobody is asked whether one is revoked.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(Read(file));
        client.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    private static X509Certificate2Collection Read(string file)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file);
        return authorities;
    }
}
