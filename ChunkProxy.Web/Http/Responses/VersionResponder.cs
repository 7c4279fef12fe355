using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Conditions;
using ChunkProxy.Web.Http.Ranges;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Serves a GET or HEAD for one object: finds the version, decides the response, and sends it.</summary>
internal sealed class VersionResponder(
    IChunkReader reader,
    PassThroughResponder passThrough,
    ContentSender sender,
    CompressedAnswers compressed,
    TimeProvider time,
    IOptions<FrontEndOptions> options,
    LoopMark? loop = null)
{
    private readonly FrontEndOptions _options = options.Value;

    /// <exception cref="ChunkReadException">The bytes are unavailable. The head may have been sent.</exception>
    public async Task AnswerAsync(HttpContext context, ObjectId id, RequestFields request, Exchange exchange)
    {
        if (IsLoop(context))
        {
            await EndLoopAsync(context);
            return;
        }

        var debug = DebugAnswer.Of(context);
        debug?.Note(id);
        var isHead = context.Request.Method == HttpMethods.Head;
        var conditions = new RequestConditions(context.Request.Headers);
        var range = RangeHeader.Parse(context.Request.Headers.Range, _options.MaxRanges);
        var firstByte = isHead || conditions.ProbablyNotModified ? null : range.FirstByte;
        var ofRequest = id.Of(request);

        for (var restarts = 0; ; restarts++)
        {
            if (OnlyIfCached.IsRequested(context.Request.Headers) && !reader.IsKnown(id, request))
            {
                await OnlyIfCached.RefuseAsync(context);
                return;
            }

            var found = (await reader.FindAsync(id, request, firstByte, exchange.Client, context.RequestAborted)).For(ofRequest);
            if (found.Version is not { } version)
            {
                await AnswerWithoutVersionAsync(context, id, request, found, exchange);
                return;
            }

            var plan = AnswerPlan.Decide(version, isHead, conditions, range, time.GetUtcNow(), compressed.Vary(version));
            debug?.Note(version, plan.Ranges, found, exchange);
            if (plan.Status is StatusCodes.Status200OK or StatusCodes.Status206PartialContent && !isHead && version.Size > 0)
            {
                if (await TrySendContentAsync(context, version, plan, found, exchange, mayRestart: restarts < _options.VersionRestarts))
                {
                    return;
                }

                continue;
            }

            exchange.FirstByteIsThere();
            await SendHeadAsync(context, version, plan, CacheStatus.OfMetadata(found, time.GetUtcNow()));
            return;
        }
    }

    /// <summary>Forwards an OPTIONS request. The response is not cached.</summary>
    /// <exception cref="ChunkReadException">The origin is unavailable, or broke off its response. The head may have been sent.</exception>
    public Task PassOptionsAsync(HttpContext context, ObjectId id, RequestFields request, Exchange exchange) =>
        IsLoop(context) ? EndLoopAsync(context) : passThrough.PassOptionsAsync(context, id, request, exchange);

    private bool IsLoop(HttpContext context) =>
        loop is not null && context.Request.Headers[LoopMark.FieldName] is { Count: > 0 } marks && marks.Any(loop.IsIn);

    // This process or its cluster sent the request: the origin's URL (-url) leads back to it.
    private static Task EndLoopAsync(HttpContext context) => ErrorAnswer.WriteAsync(
        context, StatusCodes.Status508LoopDetected, "Loop detected: the origin's URL leads back to this proxy.", CacheStatus.Refused);

    private Task AnswerWithoutVersionAsync(HttpContext context, ObjectId id, RequestFields request, in ObjectLookup found, Exchange exchange) =>
        found.IsPassThrough || found.Reply is not null
            ? passThrough.AnswerAsync(context, id, request, found, exchange)
            : ErrorAnswer.WriteAsync(context, found, _options.RetryAfter);

    /// <summary>Sends the content. Returns false if the version proved to be outdated before anything was sent.</summary>
    private async Task<bool> TrySendContentAsync(
        HttpContext context, ObjectVersion version, AnswerPlan plan, ObjectLookup found, Exchange exchange, bool mayRestart)
    {
        exchange.FirstChunk = version.Chunk(version.Layout.IndexOf(plan.Ranges[0].Start));
        try
        {
            await sender.SendAsync(context, version, plan, found, exchange);
            return true;
        }
        catch (ChunkReadException changed) when (changed.Error == ProxyError.VersionChanged)
        {
            reader.Forget(version);
            if (context.Response.HasStarted || !mayRestart)
            {
                throw;
            }

            return false;
        }
    }

    private Task SendHeadAsync(HttpContext context, ObjectVersion version, AnswerPlan plan, string cacheStatus)
    {
        switch (plan.Status)
        {
            case StatusCodes.Status304NotModified:
                ResponseHead.WriteNotModified(context.Response, version, cacheStatus, time.GetUtcNow());
                compressed.WriteNotModified(context, version);
                return Task.CompletedTask;
            case StatusCodes.Status412PreconditionFailed:
                return ErrorAnswer.WriteAsync(
                    context,
                    plan.Status,
                    "A condition of the request (If-Match, If-Unmodified-Since) is false.",
                    cacheStatus,
                    headers => ResponseHead.WriteForError(headers, version));
            case StatusCodes.Status416RangeNotSatisfiable:
                return ErrorAnswer.WriteAsync(
                    context,
                    plan.Status,
                    "The requested ranges contain no byte of the object.",
                    cacheStatus,
                    headers =>
                    {
                        ResponseHead.WriteForError(headers, version);
                        headers.ContentRange = $"bytes *{VersionFields.Of(version).ContentRangeOfSize}";
                        headers.AcceptRanges = "bytes";
                    });
            default:
                ResponseHead.WriteContent(context.Response, version, plan, cacheStatus, time.GetUtcNow());
                compressed.WriteHead(context, version);
                return Task.CompletedTask;
        }
    }
}
