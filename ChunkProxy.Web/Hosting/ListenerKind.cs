namespace ChunkProxy.Web.Hosting;

/// <summary>What an address of the process serves.</summary>
internal enum ListenerKind
{
    /// <summary>Clients, with HTTP/1.1 without TLS.</summary>
    Plain,

    /// <summary>Clients, with TLS: HTTP/2 or HTTP/1.1.</summary>
    Tls,

    /// <summary>Clients, with HTTP/2 without TLS.</summary>
    Http2,

    /// <summary>The reserved prefix only, with HTTP/1.1 without TLS.</summary>
    Admin,

    /// <summary>The reserved prefix only, with TLS.</summary>
    AdminTls,
}
