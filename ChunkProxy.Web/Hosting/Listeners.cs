using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Hosting;

/// <summary>The addresses that the process listens on.</summary>
internal static class Listeners
{
    /// <summary>Returns the addresses in the order in which Kestrel opens them.</summary>
    public static IReadOnlyList<Listener> Of(WebOptions web, TlsOptions tls, AdminOptions admin)
    {
        List<Listener> all = [new(tls.HasCertificate ? ListenerKind.Tls : ListenerKind.Plain, $"{WebOptions.Section}:{nameof(WebOptions.WebAddr)}", web.WebAddr)];
        if (tls.PlainAddress is { } plain)
        {
            all.Add(new(ListenerKind.Plain, $"{TlsOptions.Section}:{nameof(TlsOptions.PlainAddress)}", plain));
        }

        if (tls.Http2Address is { } http2)
        {
            all.Add(new(ListenerKind.Http2, $"{TlsOptions.Section}:{nameof(TlsOptions.Http2Address)}", http2));
        }

        if (admin.AdminAddress is { } adminAddress)
        {
            all.Add(new(tls.AdminTls ? ListenerKind.AdminTls : ListenerKind.Admin, $"{AdminOptions.Section}:{nameof(AdminOptions.AdminAddress)}", adminAddress));
        }

        return all;
    }
}
