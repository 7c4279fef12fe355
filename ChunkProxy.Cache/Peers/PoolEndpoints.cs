using System.Diagnostics;
using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Output;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Peers;

/// <summary>Answers other members. Whoever gets a request answers it, from here or from the origin, and passes it on to nobody.</summary>
internal sealed class PoolEndpoints(
    LocalChunks local,
    OnlyCachedReads cached,
    ObjectFinder objects,
    KnownObjects known,
    HandOver handOver,
    NearCopies nearCopies,
    PurgeLedger purges,
    SourceWaits waits,
    PoolSecurity security,
    CacheMetrics metrics,
    IEnumerable<IPoolQuestion> questions,
    IOptions<CacheOptions> options,
    TimeProvider time,
    ILogger<PoolEndpoints> log)
{
    // Of a slice, at a time, where bytes are copied: short enough that a reader who stands still costs little.
    private const int Piece = 256 * 1024;

    private readonly int _chunkSize = (int)options.Value.ChunkSize;
    private readonly VersionTokenCache _versions = new((int)options.Value.ChunkSize);
    private readonly Recurrence _strangers = new(time);
    private readonly Dictionary<string, IPoolQuestion> _questions = questions.ToDictionary(question => question.Path);

    /// <summary>Answers one request to the pool port.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!security.Admits(context.Request.Headers.Authorization))
        {
            if (_strangers.Happened() is > 0 and var count)
            {
                log.StrangerRefused(context.Connection.RemoteIpAddress, count); // a member with another key asks twice a second
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden; // and not a word more
            return;
        }

        try
        {
            await (context.Request.Path.Value switch
            {
                PoolProtocol.ChunkPath => AnswerChunkAsync(context),
                PoolProtocol.ObjectPath => AnswerObjectAsync(context),
                PoolProtocol.OfferPath when HttpMethods.IsPost(context.Request.Method) => handOver.TakeAsync(context.Request),
                PoolProtocol.PingPath => AnswerPing(context),
                { } path when _questions.TryGetValue(path, out var question) => question.AnswerAsync(context),
                _ => RefuseAsync(context, StatusCodes.Status404NotFound),
            }).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The member has gone, or has what it wanted.
        }
        catch (Exception error)
        {
            log.PoolRequestFailedUnexpectedly(context.Request.Path, error);
            context.Abort();
        }
    }

    // As health probes, pings would be traces without end.
    private Task AnswerPing(HttpContext context)
    {
        if (Activity.Current is { } span)
        {
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }

        if (ReadId(context.Request) is { } id && waits.AreUnderWay(id, ReadFirstByte(context.Request) / _chunkSize))
        {
            context.Response.Headers[PoolProtocol.Waits] = "1";
        }

        return Task.CompletedTask;
    }

    private async Task AnswerObjectAsync(HttpContext context)
    {
        if (ReadId(context.Request) is not { } id)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest).ConfigureAwait(false);
            return;
        }

        var firstByte = ReadFirstByte(context.Request);
        if (long.TryParse(context.Request.Headers[PoolProtocol.Generation], NumberStyles.None, CultureInfo.InvariantCulture, out var generation))
        {
            purges.Hear(id, generation);
        }

        if (context.Request.Headers[PoolProtocol.Version] is [{ } contradicted])
        {
            known.Distrust(id, contradicted);
        }

        ObjectLookup found;
        if (!context.Request.Headers.ContainsKey(PoolProtocol.OnlyIfCached))
        {
            found = await objects.FindForPeerAsync(id, firstByte, context.RequestAborted).ConfigureAwait(false);
        }
        else if (!known.TryFind(id, out found) || found.Version is null)
        {
            await RefuseAsync(context, StatusCodes.Status204NoContent).ConfigureAwait(false);
            return;
        }

        if (found.Version is { } version)
        {
            var record = VersionRecord.Encode(version);
            context.Response.Headers[PoolProtocol.Source] = found.AskedOrigin ? nameof(ChunkSource.Origin) : nameof(ChunkSource.Memory);
            context.Response.ContentLength = record.Length;
            await context.Response.BodyWriter.WriteAsync(record, context.RequestAborted).ConfigureAwait(false);
            return;
        }

        if (found.IsPassThrough)
        {
            context.Response.Headers[PoolProtocol.PassThrough] = "1";
        }

        context.Response.Headers[PoolProtocol.OriginStatus] = found.OriginStatus.ToString(CultureInfo.InvariantCulture);
        await FailAsync(context, found.Error, found.Reason ?? "").ConfigureAwait(false);
    }

    private async Task AnswerChunkAsync(HttpContext context)
    {
        if (ReadChunk(context.Request) is not ({ } chunk, { } slice))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest).ConfigureAwait(false);
            return;
        }

        var onlyIfCached = context.Request.Headers.ContainsKey(PoolProtocol.OnlyIfCached); // for the asking member's own fill
        ChunkLease lease;
        try
        {
            if (onlyIfCached)
            {
                if (await cached.TryOpenAsync(chunk, slice, context.RequestAborted).ConfigureAwait(false) is not { } held)
                {
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                }

                lease = held;
            }
            else
            {
                lease = await local.OpenAsync(chunk, slice, FillPurpose.ForPeer, context.RequestAborted).ConfigureAwait(false);
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
                context.Response.Headers[PoolProtocol.Generation] = purges.GenerationOf(chunk.Version.Id).ToString(CultureInfo.InvariantCulture);
            }

            await FailAsync(context, error.Error, error.Message).ConfigureAwait(false);
            return;
        }

        using (lease)
        {
            var report = lease.Report;
            metrics.PeerServed(report, forClient: !onlyIfCached);
            context.Response.ContentLength = slice.Length;
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
                await SendAsync(context, lease, slice, forClient: !onlyIfCached).ConfigureAwait(false);
            }
            catch (ChunkReadException)
            {
                context.Abort(); // the member sees a short body, and goes on elsewhere
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

    private static ObjectId? ReadId(HttpRequest request) =>
        request.Headers[PoolProtocol.Object] is [{ Length: > 0 } path] && path[0] == '/' ? new ObjectId(path) : null;

    private static long? ReadFirstByte(HttpRequest request) =>
        long.TryParse(request.Headers[PoolProtocol.FirstByte], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : null;

    private (Chunk? Chunk, Slice? Slice) ReadChunk(HttpRequest request)
    {
        var fields = request.Headers;
        if (ReadId(request) is not { } id
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

        purges.Hear(version.Id, version.Generation);
        return (version.Chunk(index), new Slice(index, start, end - start));
    }

    private static Task RefuseAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    /// <summary>Says why bytes are not to be had.</summary>
    public static async Task FailAsync(HttpContext context, ProxyError error, string reason)
    {
        context.Response.StatusCode = StatusCodes.Status502BadGateway;
        context.Response.Headers[PoolProtocol.Error] = error.ToString();
        var text = Encoding.UTF8.GetBytes(reason);
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, context.RequestAborted).ConfigureAwait(false);
    }
}
