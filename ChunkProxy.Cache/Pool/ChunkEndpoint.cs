using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.ZeroCopy;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>Sends a slice of a chunk to another member, possibly while it is still arriving.</summary>
internal sealed class ChunkEndpoint(
    SliceReads slices, KnownObjects known, NearCopies nearCopies, PurgeLedger purges, CacheMetrics metrics, SiteTable sites, IOptions<CacheOptions> options)
    : IPoolEndpoint
{
    // Most bytes of a slice per write if bytes are copied: small, so that a stalled reader occupies little memory.
    private const int Piece = 256 * 1024;

    private readonly VersionTokenCache _versions = new((int)options.Value.ChunkSize);

    public string Path => PoolProtocol.ChunkPath;

    public async Task AnswerAsync(HttpContext context)
    {
        if (ReadChunk(context.Request) is not ({ } chunk, { } slice))
        {
            await PoolFailure.WriteBadRequestAsync(context, sites).ConfigureAwait(false);
            return;
        }

        var onlyIfCached = context.Request.Headers.ContainsKey(PoolProtocol.OnlyIfCached); // for a fill at the asking member
        ChunkLease lease;
        try
        {
            if (onlyIfCached)
            {
                if (await slices.TryOpenHeldAsync(chunk, slice, context.RequestAborted).ConfigureAwait(false) is not { } held)
                {
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                }

                lease = held;
            }
            else
            {
                PoolFields.FollowClient(context.Request);
                lease = await slices.OpenForPeerAsync(chunk, slice, context.RequestAborted).ConfigureAwait(false);
            }
        }
        catch (ChunkReadException error)
        {
            if (error.Error is ProxyError.VersionChanged or ProxyError.NotFound or ProxyError.Gone)
            {
                known.Forget(chunk.Version);
            }

            if (purges.IsPurged(chunk.Version))
            {
                context.Response.Headers[PoolProtocol.Generation] = purges.GenerationOf(chunk.Version.Id, chunk.Version.Headers.Tags).ToString(CultureInfo.InvariantCulture);
            }

            await PoolFailure.WriteAsync(context, error.Error, error.Message).ConfigureAwait(false);
            return;
        }

        using (lease)
        {
            var report = lease.Report;
            metrics.PeerServed(report, forClient: !onlyIfCached);
            var tags = context.Features.Get<ProvenAnswer>()?.Tags();
            var blocks = new SealedBlocks(lease.IsInMemory ? SealedBlocks.GridInMemory : SealedBlocks.GridOnTheWay);
            context.Response.ContentLength = tags is null ? slice.Length : blocks.LengthOf(slice);
            context.Response.Headers[PoolProtocol.Block] = tags is null ? default : blocks.Grid.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers[PoolProtocol.Key] = PoolProtocol.KeyOf(chunk);
            context.Response.Headers[PoolProtocol.Source] = report.Source.ToString();
            var reads = nearCopies.Count(chunk.Key);
            context.Response.Headers[PoolProtocol.Rate] = reads.ToString(CultureInfo.InvariantCulture);
            if (report.Collapsed)
            {
                context.Response.Headers[PoolProtocol.Collapsed] = "1";
            }

            try
            {
                await (tags is null
                    ? SendAsync(context, lease, slice, forClient: !onlyIfCached)
                    : SendSealedAsync(context, new SealedSending(lease, slice, blocks, tags), slice, forClient: !onlyIfCached)).ConfigureAwait(false);
            }
            catch (ChunkReadException)
            {
                context.Abort(); // the peer sees a truncated body and continues elsewhere
            }
        }
    }

    private async Task SendAsync(HttpContext context, ChunkLease lease, Slice slice, bool forClient)
    {
        var body = context.Response.BodyWriter;
        var connection = LendingOutput.Of(context);
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var most = connection is null ? Piece : slice.End;
            var bytes = await lease.ReadAsync(offset, Math.Min(most, slice.End - offset), context.RequestAborted).ConfigureAwait(false);
            var write = connection?.TryLend(body, bytes) == true
                ? connection.FlushAsync(context.RequestAborted)
                : body.WriteAsync(bytes, context.RequestAborted);
            if ((await write.ConfigureAwait(false)).IsCompleted)
            {
                context.Abort();
                return;
            }

            if (forClient)
            {
                metrics.PeerSent(bytes.Length);
            }

            offset += bytes.Length;
        }
    }

    private async Task SendSealedAsync(HttpContext context, SealedSending sealedBlocks, Slice slice, bool forClient)
    {
        using var blocks = sealedBlocks;
        var body = context.Response.BodyWriter;
        var connection = LendingOutput.Of(context);
        await context.Response.StartAsync(context.RequestAborted).ConfigureAwait(false);
        for (var offset = slice.Offset; offset < slice.End;)
        {
            var bytes = await blocks.NextAsync(offset, context.RequestAborted).ConfigureAwait(false);
            blocks.WriteTag(body);
            var write = connection?.TryLend(body, bytes) == true
                ? connection.FlushAsync(context.RequestAborted)
                : body.WriteAsync(bytes, context.RequestAborted);
            if ((await write.ConfigureAwait(false)).IsCompleted)
            {
                context.Abort();
                return;
            }

            if (forClient)
            {
                metrics.PeerSent(bytes.Length);
            }

            offset += bytes.Length;
        }
    }

    private (Chunk? Chunk, Slice? Slice) ReadChunk(HttpRequest request)
    {
        var fields = request.Headers;
        if (PoolFields.ReadId(request, sites) is not { } id
            || fields[PoolProtocol.Version] is not [{ } token]
            || _versions.Read(token, id) is not { } version
            || !long.TryParse(fields[PoolProtocol.Chunk], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            || index >= version.Layout.ChunkCount
            || fields[PoolProtocol.Slice] is not [{ } text]
            || text.Split('-') is not [var first, var last]
            || !int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            || !int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
            || start >= end
            || end > version.Layout.LengthOf(index))
        {
            return (null, null);
        }

        purges.Add(version.Id, version.Generation);
        if (fields.ContainsKey(PoolProtocol.RequestFields))
        {
            version = version.SelectedBy(PoolFields.ReadRequestFields(request));
        }

        return (version.Chunk(index), new Slice(index, start, end - start));
    }
}
