using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Configures listeners for the front end.</summary>
public static class FrontEndListenOptionsExtensions
{
    /// <summary>Enables sending from the cache's memory on this listener's connections, if configured. Only for plain TCP.</summary>
    public static void UseChunkProxyFrontEnd(this ListenOptions listener)
    {
        if (listener.ApplicationServices.GetRequiredService<IOptions<FrontEndOptions>>().Value.LendMemory)
        {
            listener.LendMemory();
        }
    }

    /// <summary>Serves HTTP/2 without TLS, to clients that know it beforehand.</summary>
    internal static void UseHttp2(this ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http2;
        listener.SendDirectly();
    }
}
