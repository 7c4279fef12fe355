using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Forwards the origin's response for an uncacheable object to one client: status, fields and body unchanged.</summary>
internal sealed class PassThroughResponder(
    IChunkReader reader, IBodyOutputFactory outputs, PassThroughSlots slots, FrontEndMetrics metrics, IOptions<FrontEndOptions> options, TimeProvider time)
{
    private const int BufferSize = 64 * 1024;

    private static readonly string[] Conditions =
    [
        HeaderNames.Range, HeaderNames.IfRange, HeaderNames.IfMatch, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince,
    ];

    // The fields of a preflight (Fetch standard, §4.8), for which OPTIONS is used.
    private static readonly string[] OptionsFields =
    [
        HeaderNames.Origin, HeaderNames.AccessControlRequestMethod, HeaderNames.AccessControlRequestHeaders, "Access-Control-Request-Private-Network",
    ];

    /// <summary>Sends the response that the look-up received, if it fits the request. Otherwise asks the origin.</summary>
    /// <exception cref="ChunkReadException">The origin is unavailable, or broke off its response. The head may have been sent.</exception>
    public async Task AnswerAsync(HttpContext context, ObjectId id, RequestFields request, ObjectLookup found, Exchange exchange)
    {
        var fields = context.Request.Headers;
        var hasConditions = fields.IfMatch.Count + fields.IfNoneMatch.Count + fields.IfModifiedSince.Count + fields.IfUnmodifiedSince.Count > 0;
        var method = context.Request.Method == HttpMethods.Head ? HttpMethod.Head : HttpMethod.Get;
        var reply = found.Reply?.TryOpen(fields.Range.Count > 0, hasConditions);
        using var slot = found.Reply is KeptReply && reply is not null ? PassThroughSlots.NotNeeded : slots.TryTake(exchange.Client);
        if (slot is null)
        {
            reply?.Dispose();
            await RefuseAsync(context);
            return;
        }

        using var answer = reply
            ?? await reader.PassThroughAsync(id, method, request.All.Concat(FieldsOf(context.Request, Conditions)), exchange.Client, context.RequestAborted);
        await SendAsync(context, answer, exchange, CacheStatus.OfReply(found, answer.Status));
    }

    /// <summary>Forwards an OPTIONS request and its response.</summary>
    /// <exception cref="ChunkReadException">The origin is unavailable, or broke off its response. The head may have been sent.</exception>
    public async Task PassOptionsAsync(HttpContext context, ObjectId id, RequestFields request, Exchange exchange)
    {
        using var slot = slots.TryTake(exchange.Client);
        if (slot is null)
        {
            await RefuseAsync(context);
            return;
        }

        var others = request.All.Where(field => !OptionsFields.Contains(field.Key, StringComparer.OrdinalIgnoreCase));
        using var answer = await reader.PassThroughAsync(
            id, HttpMethod.Options, others.Concat(FieldsOf(context.Request, OptionsFields)), exchange.Client, context.RequestAborted);
        await SendAsync(context, answer, exchange, CacheStatus.PassedThrough(answer.Status));
    }

    private Task RefuseAsync(HttpContext context) => ErrorAnswer.WriteAsync(
        context,
        StatusCodes.Status429TooManyRequests,
        "Too many requests of this client for uncacheable objects are in progress.",
        CacheStatus.Refused,
        headers => headers.RetryAfter = WholeSeconds.Format(options.Value.RetryAfter));

    private async Task SendAsync(HttpContext context, PassedThroughAnswer answer, Exchange exchange, string cacheStatus)
    {
        exchange.FirstByteIsThere();
        WriteHead(context.Response, answer, cacheStatus);
        var hasBody = context.Request.Method != HttpMethods.Head
            && answer.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified);
        if (hasBody)
        {
            await CopyBodyAsync(context, answer, exchange);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> FieldsOf(HttpRequest request, string[] names) =>
        from name in names
        from value in request.Headers[name]
        where value is not null
        select KeyValuePair.Create(name, value);

    private void WriteHead(HttpResponse response, PassedThroughAnswer answer, string cacheStatus)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Append(name, value);
        }

        if (answer.StoredFrom is { } generated)
        {
            WriteAge(response.Headers, generated, time.GetUtcNow());
        }

        response.Headers.Append(HeaderNames.Via, OriginMessages.Via);
        response.Headers.Append(CacheStatus.FieldName, cacheStatus);
        if (answer.Status != StatusCodes.Status204NoContent)
        {
            response.ContentLength = answer.ContentLength;
        }
    }

    // RFC 9111 §4: a stored response has its age. Without Date, the server would write the present one (RFC 9110 §6.6.1).
    private static void WriteAge(IHeaderDictionary headers, DateTimeOffset generated, DateTimeOffset now)
    {
        headers.Age = WholeSeconds.Format(now - generated);
        if (headers.Date.Count == 0)
        {
            headers.Date = HttpDate.Format(generated);
        }
    }

    private async Task CopyBodyAsync(HttpContext context, PassedThroughAnswer answer, Exchange exchange)
    {
        using var output = outputs.Create(context);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int read;
            while ((read = await ReadAsync(answer, buffer, exchange, context)) > 0)
            {
                await output.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
            }

            if (answer.ContentLength is { } promised && output.BytesWritten != promised)
            {
                throw BrokenOff(inner: null);
            }
        }
        catch (Exception) when (output.ClientHasStalled)
        {
            throw new ClientStalledException();
        }
        finally
        {
            exchange.BytesSent = output.BytesWritten;
            metrics.BytesSent(output.BytesWritten);
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<int> ReadAsync(PassedThroughAnswer answer, byte[] buffer, Exchange exchange, HttpContext context)
    {
        exchange.WaitBegins();
        try
        {
            var read = await answer.Body.ReadAsync(buffer, context.RequestAborted);
            exchange.WaitEnds();
            return read;
        }
        catch (Exception broken) when (broken is (IOException or HttpRequestException) and not ChunkReadException)
        {
            throw BrokenOff(broken);
        }
    }

    private static ChunkReadException BrokenOff(Exception? inner) =>
        new(ProxyError.OriginUnreachable, "The origin broke off its response.", inner);
}
