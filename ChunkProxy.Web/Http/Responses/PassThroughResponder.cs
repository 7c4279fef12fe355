using System.Buffers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Sending;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Hands the origin's answer for an object that cannot be cached to one client: status, fields and body as they are.</summary>
internal sealed class PassThroughResponder(IChunkReader reader, IBodyOutputFactory outputs, FrontEndMetrics metrics)
{
    private const int BufferSize = 64 * 1024;

    private static readonly string[] Conditions =
    [
        HeaderNames.Range, HeaderNames.IfRange, HeaderNames.IfMatch, HeaderNames.IfNoneMatch, HeaderNames.IfModifiedSince, HeaderNames.IfUnmodifiedSince,
    ];

    /// <exception cref="ChunkReadException">The origin cannot be asked, or broke off; the head may have been sent.</exception>
    public async Task AnswerAsync(HttpContext context, ObjectId id, RequestFields request, Exchange exchange)
    {
        var isHead = context.Request.Method == HttpMethods.Head;
        var method = isHead ? HttpMethod.Head : HttpMethod.Get;
        using var answer = await reader.PassThroughAsync(id, method, request.All.Concat(ConditionsOf(context.Request)), context.RequestAborted);

        exchange.FirstByteIsThere();
        WriteHead(context.Response, answer);
        var hasBody = !isHead && answer.Status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified);
        if (hasBody)
        {
            await CopyBodyAsync(context, answer, exchange);
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> ConditionsOf(HttpRequest request) =>
        from name in Conditions
        from value in request.Headers[name]
        where value is not null
        select KeyValuePair.Create(name, value);

    private static void WriteHead(HttpResponse response, PassedThroughAnswer answer)
    {
        response.StatusCode = answer.Status;
        foreach (var (name, value) in answer.Headers)
        {
            response.Headers.Append(name, value);
        }

        response.Headers.Append(HeaderNames.Via, VersionFields.ViaThisProxy);
        response.Headers.Append(CacheStatus.FieldName, CacheStatus.PassedThrough(answer.Status));
        if (answer.Status != StatusCodes.Status204NoContent)
        {
            response.ContentLength = answer.ContentLength;
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
        new(ProxyError.OriginUnreachable, "The origin broke off its answer.", inner);
}
