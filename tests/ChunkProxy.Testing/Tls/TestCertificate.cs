using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChunkProxy.Testing.Tls;

/// <summary>A self-signed certificate for some names, with its key, as PEM.</summary>
public sealed class TestCertificate
{
    private TestCertificate(string certificate, string key, string thumbprint)
    {
        Certificate = certificate;
        Key = key;
        Thumbprint = thumbprint;
    }

    public string Certificate { get; }

    public string Key { get; }

    public string Thumbprint { get; }

    /// <summary>Makes a certificate that is valid now. The first name is its subject; 127.0.0.1 is always among its names.</summary>
    public static TestCertificate For(params string[] names) => For(TimeSpan.FromDays(1), names);

    /// <param name="lifetime">The time from now until the certificate expires; may be negative.</param>
    /// <param name="names">DNS names; none: <c>localhost</c>.</param>
    public static TestCertificate For(TimeSpan lifetime, params string[] names)
    {
        string[] all = names is [] ? ["localhost"] : names;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={all[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddIpAddress(IPAddress.Loopback);
        foreach (var name in all)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        var until = TimeProvider.System.GetUtcNow() + lifetime;
        using var certificate = request.CreateSelfSigned(until.AddDays(-30), until);
        return new TestCertificate(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", certificate.Thumbprint);
    }

    /// <summary>Writes the certificate, and its key beside it (<c>.key</c>).</summary>
    /// <returns>The path of the certificate.</returns>
    public string Write(string path)
    {
        File.WriteAllText(Path.ChangeExtension(path, ".key"), Key);
        File.WriteAllText(path, Certificate);
        return path;
    }

    /// <summary>Writes certificate and key into one file.</summary>
    /// <returns>The path.</returns>
    public string WriteOneFile(string path)
    {
        File.WriteAllText(path, Certificate + Key);
        return path;
    }

    /// <summary>Writes <c>tls.crt</c> and <c>tls.key</c> into a new directory.</summary>
    /// <returns>The directory.</returns>
    public string WriteDirectory(string path)
    {
        Directory.CreateDirectory(path);
        Write(Path.Combine(path, "tls.crt"));
        return path;
    }
}
