using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ChunkProxy.Web.Tls;

/// <summary>A certificate with its key and chain, ready for handshakes.</summary>
internal sealed class LoadedCertificate
{
    private readonly X509Certificate2 _leaf;
    private readonly X509Certificate2Collection _chain;
    private volatile SslServerAuthenticationOptions _handshake;

    private LoadedCertificate(string name, PemText text, X509Certificate2 leaf, X509Certificate2Collection chain)
    {
        _leaf = leaf;
        _chain = chain;
        Name = name;
        Text = text;
        HostNames = NamesOf(leaf);
        ValidUntil = leaf.NotAfter.ToUniversalTime();
        _handshake = HandshakeWith(offline: true);
    }

    public string Name { get; }

    public PemText Text { get; }

    /// <summary>The DNS names of the certificate, in lower case; <c>*.site.example</c> for all names one level below.</summary>
    public IReadOnlyList<string> HostNames { get; }

    public DateTime ValidUntil { get; }

    /// <summary>One context and one set of options for all handshakes: sessions are resumed within a context only.</summary>
    public SslServerAuthenticationOptions Handshake => _handshake;

    private bool NamesResponder => _leaf.Extensions.OfType<X509AuthorityInformationAccessExtension>().Any(static extension => extension.EnumerateOcspUris().Any());

    /// <exception cref="CryptographicException">The text is not a certificate with its key.</exception>
    /// <exception cref="ArgumentException">The key has another algorithm than the certificate.</exception>
    public static LoadedCertificate Load(string name, PemText text)
    {
        var leaf = X509Certificate2.CreateFromPem(text.Certificate, text.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text.Certificate);
        return new LoadedCertificate(name, text, leaf, chain);
    }

    /// <summary>
    /// Asks the OCSP responder that the certificate names, now and again before an answer expires. From the first answer on, handshakes contain it
    /// (stapling, RFC 6066 §8). Returns at once, and does nothing if the certificate names no responder.
    /// </summary>
    /// <remarks>
    /// The framework asks in the background and never during a handshake. But it may also fetch certificates that the chain lacks, and waits for them:
    /// therefore the context that may do so is made beside the one in use.
    /// </remarks>
    public void StapleInBackground()
    {
        if (NamesResponder)
        {
            _ = Task.Run(() =>
            {
                try
                {
                    _handshake = HandshakeWith(offline: false);
                }
                catch (CryptographicException)
                {
                    // handshakes go on without answers of the responder
                }
            });
        }
    }

    private SslServerAuthenticationOptions HandshakeWith(bool offline) => new()
    {
        ServerCertificateContext = SslStreamCertificateContext.Create(_leaf, _chain, offline),
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        AllowRenegotiation = false,
        AllowTlsResume = true,
    };

    private static IReadOnlyList<string> NamesOf(X509Certificate2 leaf)
    {
        string[] names = [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames())];
        return [.. names.DefaultIfEmpty(leaf.GetNameInfo(X509NameType.DnsName, forIssuer: false)).Select(static name => name.ToLowerInvariant())];
    }
}
