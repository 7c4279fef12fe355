using System.Net.Security;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ChunkProxy.Web.Tls;

/// <summary>Secures a listener: TLS 1.2 or later, HTTP/2 or HTTP/1.1 as the client prefers, and the certificate of the name that it asks for.</summary>
/// <remarks>Nothing names this class or the store unless a certificate is configured, because their assemblies enlarge an idle process.</remarks>
internal static class TlsListener
{
    public static void UseTls(this ListenOptions listener, CertificateStore certificates)
    {
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        listener.SendDirectly();
        listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = connection => new ValueTask<SslServerAuthenticationOptions>(certificates.Current.Find(connection.ClientHelloInfo.ServerName ?? "").Handshake),
        });
        listener.UseLargeRecords();
    }
}
