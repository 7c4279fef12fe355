using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Warming;

/// <summary>Fetches a chunk at the request of another member and responds when the chunk is cached. The response has no bytes of it.</summary>
internal sealed class MemberWarmEndpoint(BackgroundFetcher fetcher, KnownObjects objects, SiteTable sites, IOptions<CacheOptions> options) : IPoolEndpoint
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    public string Path => PoolProtocol.WarmPath;

    public async Task AnswerAsync(HttpContext context)
    {
        if (ReadChunk(context.Request) is not { } chunk)
        {
            await PoolFailure.WriteBadRequestAsync(context, sites).ConfigureAwait(false);
            return;
        }

        try
        {
            await fetcher.KeepAsync(chunk, FillPurpose.ForPeer, context.RequestAborted).ConfigureAwait(false);
        }
        catch (ChunkReadException error)
        {
            if (error.Error.IsVersionGone())
            {
                objects.Forget(chunk.Version);
            }

            await PoolFailure.WriteAsync(context, error.Error, error.Message).ConfigureAwait(false);
        }
    }

    private Chunk? ReadChunk(HttpRequest request) =>
        HttpMethods.IsPost(request.Method)
        && PoolFields.ReadId(request, sites) is { } id
        && request.Headers[PoolProtocol.Version] is [{ } token]
        && VersionToken.TryRead(token, id, _chunkSize) is { } version
        && long.TryParse(request.Headers[PoolProtocol.Chunk], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index < version.Layout.ChunkCount
            ? version.Chunk(index)
            : null;
}
