using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Compression;
using ChunkProxy.Web.Http.Ranges;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Sends the content of a version: the whole, a range, or several ranges.</summary>
internal sealed class ContentSender(
    IChunkReader reader,
    IBodyOutputFactory outputs,
    FrontEndMetrics metrics,
    CompressedAnswers compressed,
    HotObjects hot,
    TimeProvider time,
    IOptions<FrontEndOptions> options)
{
    private readonly int _lookAheadLimit = (int)options.Value.LookAheadLimit;

    /// <exception cref="ChunkReadException">The bytes are unavailable. The head may have been sent.</exception>
    public async Task SendAsync(HttpContext context, ObjectVersion version, AnswerPlan plan, ObjectLookup found, Exchange exchange)
    {
        var activity = hot.Of(version);
        var coding = plan.Ranges.Ending == RangeEnding.Whole ? compressed.CodingFor(context.Request, version) : ContentCoding.Identity;
        if (coding != ContentCoding.Identity && await compressed.FindAsync(version, coding, exchange, context.RequestAborted) is var (bytes, source))
        {
            exchange.FirstByteIsThere();
            metrics.FirstByte(source.Source, exchange);
            ResponseHead.WriteContent(context.Response, version, plan, CacheStatus.Of(found, source, time.GetUtcNow()), time.GetUtcNow());
            CompressedAnswers.WriteCoding(context.Response.Headers, coding);
            context.Response.ContentLength = bytes.Length;
            CompressedAnswers.WriteVary(context.Response.Headers);
            activity?.Read(exchange.Client?.GetHashCode() ?? 0, source.Source.IsHit());
            await SendAsync(context, bytes, activity, exchange);
            return;
        }

        using var streamer = new SliceStreamer(reader, version, plan.Ranges, _lookAheadLimit, exchange, context.RequestAborted, activity);
        var report = await streamer.OpenFirstAsync(isNew: found is { AskedOrigin: true, Revalidated: false });
        exchange.FirstByteIsThere();
        metrics.FirstByte(report.Source, exchange);
        await SendAsync(context, version, plan, CacheStatus.Of(found, report, time.GetUtcNow()), streamer, exchange);
    }

    private async Task SendAsync(HttpContext context, ReadOnlyMemory<byte> content, ObjectActivity? activity, Exchange exchange)
    {
        using var output = outputs.Create(context);
        try
        {
            await output.WriteAsync(content, context.RequestAborted);
        }
        catch (Exception) when (output.ClientHasStalled)
        {
            throw new ClientStalledException();
        }
        finally
        {
            NoteSent(exchange, activity, output);
        }
    }

    private async Task SendAsync(
        HttpContext context, ObjectVersion version, AnswerPlan plan, string cacheStatus, SliceStreamer streamer, Exchange exchange)
    {
        var multipart = plan.Ranges.Ending == RangeEnding.Several ? new MultipartBody(version, plan.Ranges) : null;
        if (multipart is null)
        {
            ResponseHead.WriteContent(context.Response, version, plan, cacheStatus, time.GetUtcNow());
        }
        else
        {
            ResponseHead.WriteMultipart(context.Response, version, multipart, cacheStatus, time.GetUtcNow());
        }

        if (compressed.Vary(version))
        {
            CompressedAnswers.WriteVary(context.Response.Headers);
        }

        using var output = outputs.Create(context);
        try
        {
            for (var i = 0; i < plan.Ranges.Count; i++)
            {
                if (multipart is not null)
                {
                    await output.WriteAsync(multipart.PartHead(i), context.RequestAborted);
                }

                await streamer.WriteRangeAsync(plan.Ranges[i], output);
            }

            if (multipart is not null)
            {
                await output.WriteAsync(multipart.Tail, context.RequestAborted);
            }
        }
        catch (Exception) when (output.ClientHasStalled)
        {
            throw new ClientStalledException();
        }
        finally
        {
            NoteSent(exchange, streamer.Activity, output);
        }
    }

    private void NoteSent(Exchange exchange, ObjectActivity? activity, IBodyOutput output)
    {
        activity?.Sent(output.BytesWritten);
        exchange.BytesSent = output.BytesWritten;
        metrics.BytesSent(output.BytesWritten);
    }
}
