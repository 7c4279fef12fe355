using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Pool;

/// <summary>Sends a slice of a chunk to another member, possibly while it is still arriving.</summary>
internal sealed class ChunkEndpoint(
    SliceReads slices,
    SliceSender sender,
    KnownObjects known,
    NearCopies nearCopies,
    PurgeLedger purges,
    CacheMetrics metrics,
    SiteTable sites,
    IOptions<CacheOptions> options) : IPoolEndpoint
{
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
        using var sending = new SliceSending(slices, chunk, slice, onlyIfCached);
        try
        {
            if (!onlyIfCached)
            {
                PoolFields.FollowClient(context.Request);
            }

            if (!await sending.TryOpenAsync(context.RequestAborted).ConfigureAwait(false))
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }
        }
        catch (ChunkReadException error)
        {
            await WriteFailureAsync(context, chunk, error).ConfigureAwait(false);
            return;
        }

        var report = sending.Report;
        context.Response.Headers[PoolProtocol.Key] = PoolProtocol.KeyOf(chunk);
        context.Response.Headers[PoolProtocol.Source] = report.Source.ToString();
        if (!context.Request.Headers.ContainsKey(PoolProtocol.Continues))
        {
            metrics.PeerServed(report, forClient: !onlyIfCached);
            context.Response.Headers[PoolProtocol.Rate] = nearCopies.Count(chunk.Key).ToString(CultureInfo.InvariantCulture);
        }

        if (report.Collapsed)
        {
            context.Response.Headers[PoolProtocol.Collapsed] = "1";
        }

        await sender.SendAsync(context, sending, isCounted: !onlyIfCached).ConfigureAwait(false);
    }

    private async Task WriteFailureAsync(HttpContext context, Chunk chunk, ChunkReadException error)
    {
        if (error.Error.IsVersionGone())
        {
            known.Forget(chunk.Version);
        }

        if (purges.IsPurged(chunk.Version))
        {
            context.Response.Headers[PoolProtocol.Generation] = purges.GenerationOf(chunk.Version.Id, chunk.Version.Headers.Tags).ToString(CultureInfo.InvariantCulture);
        }

        await PoolFailure.WriteAsync(context, error.Error, error.Message).ConfigureAwait(false);
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
