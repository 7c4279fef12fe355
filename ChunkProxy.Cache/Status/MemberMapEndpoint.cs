using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Status;

/// <summary>Reports this process's chunks of an object to other members.</summary>
/// <remarks>For the requested version, or else the version known here. Of an unknown path, the heat of the segments below it; 204 if there is none.</remarks>
internal sealed class MemberMapEndpoint(ProcessMapReader maps, SiteTable sites, IOptions<CacheOptions> options) : IPoolEndpoint
{
    public string Path => PoolProtocol.MapPath;

    public async Task AnswerAsync(HttpContext context)
    {
        Untraced.Mark();
        var fields = context.Request.Headers;
        if (fields[PoolProtocol.Object] is not [{ } text] || sites.Read(text) is not { } id)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var version = fields[PoolProtocol.Version] is [{ } token]
            ? VersionToken.TryRead(token, id, (int)options.Value.ChunkSize)
            : await maps.FindVersionAsync(id, context.RequestAborted).ConfigureAwait(false);
        if (version is null && maps.HeatOf(id) is { } heat)
        {
            await PoolReply.WriteJsonAsync(context, ProcessMap.Of(heat), StatusJson.Default.ProcessMap).ConfigureAwait(false);
            return;
        }

        if (version is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await PoolReply.WriteJsonAsync(context, maps.Read(version, context.RequestAborted), StatusJson.Default.ProcessMap).ConfigureAwait(false);
    }
}
