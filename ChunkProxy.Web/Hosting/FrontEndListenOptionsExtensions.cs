using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Sets listeners up for the front end.</summary>
public static class FrontEndListenOptionsExtensions
{
    /// <summary>Lets the front end send from the cache's memory on this listener's connections, if it is set to. For plain TCP.</summary>
    public static void UseChunkProxyFrontEnd(this ListenOptions listener)
    {
        if (listener.ApplicationServices.GetRequiredService<IOptions<FrontEndOptions>>().Value.LendMemory)
        {
            listener.LendMemory();
        }
    }
}
