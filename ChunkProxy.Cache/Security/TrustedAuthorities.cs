using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChunkProxy.Cache.Security;

/// <summary>Authorities in a PEM file that are trusted in place of those of the machine.</summary>
/// <remarks>Loads the assemblies of X.509: only processes that are given such a file use it.</remarks>
internal static class TrustedAuthorities
{
    /// <summary>Returns whether the file contains certificates.</summary>
    public static bool CanBeRead(string file)
    {
        try
        {
            return Read(file).Count > 0;
        }
        catch (Exception error) when (IsUnreadable(error))
        {
            return false;
        }
    }

    /// <summary>Returns the certificates in the file; none if it has none.</summary>
    /// <exception cref="Exception">An exception for which <see cref="IsUnreadable"/> is true.</exception>
    public static X509Certificate2Collection Read(string file)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(file);
        return authorities;
    }

    /// <summary>Returns whether an exception means that a file cannot be read, or contains no PEM.</summary>
    public static bool IsUnreadable(Exception error) => error is IOException or UnauthorizedAccessException or CryptographicException;

    /// <summary>Returns the rules for certificates of servers: one of these authorities has issued them. The name is checked apart from that.</summary>
    public static X509ChainPolicy PolicyOf(X509Certificate2Collection authorities)
    {
        // As for certificates that the machine trusts, it is not checked whether one is revoked.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities);
        return policy;
    }
}
