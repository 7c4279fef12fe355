using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace ChunkProxy.Web.Tls;

/// <summary>A certificate with its key and chain, ready for handshakes.</summary>
internal sealed class LoadedCertificate
{
    private LoadedCertificate(string name, PemText text, X509Certificate2 leaf, X509Certificate2Collection chain)
    {
        Name = name;
        Text = text;
        HostNames = NamesOf(leaf);
        ValidUntil = leaf.NotAfter.ToUniversalTime();

        // One context and one set of options for all handshakes: sessions are resumed within a context only.
        Handshake = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, chain, offline: true),
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            AllowRenegotiation = false,
            AllowTlsResume = true,
        };
    }

    public string Name { get; }

    public PemText Text { get; }

    /// <summary>The DNS names of the certificate, in lower case; <c>*.site.example</c> for all names one level below.</summary>
    public IReadOnlyList<string> HostNames { get; }

    public DateTime ValidUntil { get; }

    public SslServerAuthenticationOptions Handshake { get; }

    /// <exception cref="System.Security.Cryptography.CryptographicException">The text is not a certificate with its key.</exception>
    /// <exception cref="ArgumentException">The key has another algorithm than the certificate.</exception>
    public static LoadedCertificate Load(string name, PemText text)
    {
        var leaf = X509Certificate2.CreateFromPem(text.Certificate, text.Key);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text.Certificate);
        return new LoadedCertificate(name, text, leaf, chain);
    }

    private static IReadOnlyList<string> NamesOf(X509Certificate2 leaf)
    {
        string[] names = [.. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(static extension => extension.EnumerateDnsNames())];
        return [.. names.DefaultIfEmpty(leaf.GetNameInfo(X509NameType.DnsName, forIssuer: false)).Select(static name => name.ToLowerInvariant())];
    }
}
