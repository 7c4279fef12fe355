using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Status;

/// <summary>Tells other members which chunks of an object this process has: of the version that is asked about, else of the one known here. 204: not known.</summary>
internal sealed class MapQuestion(ProcessMapReader maps, IOptions<CacheOptions> options) : IPoolQuestion
{
    public string Path => PoolProtocol.MapPath;

    public async Task AnswerAsync(HttpContext context)
    {
        Untraced.Mark();
        var fields = context.Request.Headers;
        if (fields[PoolProtocol.Object] is not [['/', ..] path])
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var id = options.Value.ObjectAt(path);
        var version = fields[PoolProtocol.Version] is [{ } token]
            ? VersionToken.TryRead(token, id, (int)options.Value.ChunkSize)
            : await maps.FindVersionAsync(id, context.RequestAborted).ConfigureAwait(false);
        if (version is null)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        await PoolReply.WriteJsonAsync(context, maps.Read(version), StatusJson.Default.ProcessMap).ConfigureAwait(false);
    }
}
