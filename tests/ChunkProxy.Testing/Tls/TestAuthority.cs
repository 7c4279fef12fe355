using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ChunkProxy.Testing.Processes;

namespace ChunkProxy.Testing.Tls;

/// <summary>A certificate authority that issues certificates with the address of an OCSP responder, and makes the responder's answers with openssl.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _certificate;
    private readonly List<string> _index = []; // also the lock that guards it

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
        File.WriteAllText(_folder.Combine("authority.pem"), _certificate.ExportCertificatePem());
        File.WriteAllText(_folder.Combine("authority.key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Issues a certificate, and writes it with its key and the authority's certificate into one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The DNS name.</param>
    /// <param name="responder">The URL of the OCSP responder.</param>
    /// <returns>The serial number, as openssl prints it.</returns>
    public string Issue(string path, string name, Uri responder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509AuthorityInformationAccessExtension([responder.ToString()], []));
        var serial = RandomNumberGenerator.GetBytes(8);
        serial[0] = (byte)((serial[0] & 0x3f) | 0x40); // positive, without leading zeros
        var until = TimeProvider.System.GetUtcNow().AddDays(1);
        using var issued = request.Create(_certificate, until.AddDays(-2), until, serial);
        var number = Convert.ToHexString(serial);
        lock (_index)
        {
            _index.Add($"V\t{until.ToString("yyMMddHHmmss", CultureInfo.InvariantCulture)}Z\t\t{number}\tunknown\t/CN={number}"); // openssl takes a subject once
        }

        File.WriteAllText(path, $"{issued.ExportCertificatePem()}\n{_certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return number;
    }

    /// <summary>Makes the signed answer to an OCSP request.</summary>
    public async Task<byte[]> AnswerAsync(byte[] request, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(folder.Combine("request"), request, cancellationToken);
        string[] lines;
        lock (_index)
        {
            lines = [.. _index];
        }

        await File.WriteAllLinesAsync(folder.Combine("index"), lines, cancellationToken);
        var openssl = await ChildProcess.RunAsync(
            "openssl",
            [
                "ocsp", "-index", folder.Combine("index"), "-CA", _folder.Combine("authority.pem"), "-rsigner", _folder.Combine("authority.pem"),
                "-rkey", _folder.Combine("authority.key"), "-reqin", folder.Combine("request"), "-respout", folder.Combine("answer"), "-ndays", "1",
            ],
            cancellationToken);
        return openssl.ExitCode == 0
            ? await File.ReadAllBytesAsync(folder.Combine("answer"), cancellationToken)
            : throw new InvalidOperationException(string.Join('\n', openssl.Lines));
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }
}
