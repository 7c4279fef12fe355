using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>Answers pings, and reports whether the answer to another request waits for others.</summary>
internal sealed class PingEndpoint(UpstreamWaits waits, SiteTable sites, SharedSettings settings, IOptions<CacheOptions> options) : IPoolEndpoint
{
    private static readonly byte[] Zeros = new byte[PoolProtocol.MostPingBytes];

    private readonly long _chunkSize = options.Value.ChunkSize;

    public string Path => PoolProtocol.PingPath;

    public Task AnswerAsync(HttpContext context)
    {
        Untraced.Mark();
        context.Response.Headers[PoolProtocol.Settings] = settings.Digest;
        if (PoolFields.ReadId(context.Request, sites) is { } id && waits.AreUnderWay(id, PoolFields.ReadFirstByte(context.Request) / _chunkSize))
        {
            context.Response.Headers[PoolProtocol.Waits] = "1";
        }

        var bytes = PoolFields.ReadBytes(context.Request);
        context.Response.ContentLength = bytes;
        return bytes == 0 ? Task.CompletedTask : context.Response.Body.WriteAsync(Zeros.AsMemory(0, bytes), context.RequestAborted).AsTask();
    }
}
