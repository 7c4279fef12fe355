using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Settings;

/// <summary>The settings for TLS and HTTP/2 towards clients, under <c>ChunkProxy:</c> in configuration.</summary>
internal sealed class TlsOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>PEM file with the certificate and its chain, or a directory with one certificate per name. Null: no TLS.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file with the private key; null if the certificate's file contains it. Not with a directory.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>Interval at which the files are compared with the certificates in use.</summary>
    [Between("1 s", "1 d")]
    public TimeSpan CertificateCheckInterval { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether handshakes contain an answer of the OCSP responder that the certificate names, if it names one.</summary>
    public bool OcspStapling { get; set; } = true;

    /// <summary>Whether the separate admin address has TLS too, with the same certificates.</summary>
    public bool AdminTls { get; set; }

    /// <summary>Additional address for clients without TLS (HTTP/1.1); null: none. Requires a certificate, without which <c>WebAddr</c> has no TLS.</summary>
    public HostPort? PlainAddress { get; set; }

    /// <summary>Additional address for HTTP/2 without TLS (h2c with prior knowledge); null: none.</summary>
    public HostPort? Http2Address { get; set; }

    internal bool HasCertificate => !string.IsNullOrEmpty(Certificate);
}
