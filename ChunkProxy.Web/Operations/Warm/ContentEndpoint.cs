using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Http.Ranges;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using Microsoft.Net.Http.Headers;

namespace ChunkProxy.Web.Operations.Warm;

/// <summary>Maps the content of a small object: <c>GET /_chunkproxy/content?path=/master.m3u8</c>.</summary>
/// <remarks>
/// <c>chunkproxy warm</c> reads playlists by it: the address for clients may be unknown to the operator, or closed by signed URLs. The key is required,
/// and no browser takes the content for a page.
/// </remarks>
internal static class ContentEndpoint
{
    /// <summary>Longest content.</summary>
    public const int MostBytes = 8 * 1024 * 1024;

    public static void MapContent(this IEndpointRouteBuilder endpoints)
    {
        var reader = endpoints.ServiceProvider.GetRequiredService<IChunkReader>();
        var objects = endpoints.ServiceProvider.GetRequiredService<ObjectArgument>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/content", [HttpMethods.Get], context => AnswerAsync(context, reader, objects)).Takes(AdminAccess.Action);
    }

    private static async Task AnswerAsync(HttpContext context, IChunkReader reader, ObjectArgument objects)
    {
        if (objects.Read(context.Request.Query["path"].ToString(), out var refusal) is not { } id)
        {
            await AdminAnswer.RefuseAsync(context, refusal.Status, refusal.Reason);
            return;
        }

        try
        {
            var found = (await reader.FindAsync(id, firstByte: 0, context.RequestAborted)).For(id);
            if (found.IsPassThrough)
            {
                await PassThroughAsync(context, reader, id, found);
            }
            else if (found.Version is { } version)
            {
                await SendAsync(context, reader, version);
            }
            else
            {
                await AdminAnswer.RefuseAsync(context, StatusOf(found.Error, found.OriginStatus), found.Reason ?? "The object is unavailable.");
            }
        }
        catch (ChunkReadException failure)
        {
            await AdminAnswer.RefuseAsync(context, StatusOf(failure.Error, 0), failure.Message);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException && !context.Response.HasStarted)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status502BadGateway, "The origin broke off its response.");
        }
    }

    // 401 and 403 of the origin are not about the admin key.
    private static int StatusOf(ProxyError error, int originStatus) =>
        ErrorAnswer.StatusOf(error, originStatus) is var status && status is StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden ? StatusCodes.Status502BadGateway : status;

    private static async Task SendAsync(HttpContext context, IChunkReader reader, ObjectVersion version)
    {
        if (version.Size > MostBytes)
        {
            await RefuseLengthAsync(context);
            return;
        }

        var content = new byte[version.Size];
        try
        {
            await ReadAsync(reader, version, content, context.RequestAborted);
        }
        catch (ChunkReadException error) when (error.Error.IsVersionGone())
        {
            reader.Forget(version);
            throw;
        }

        await WriteAsync(context, content);
    }

    private static async Task ReadAsync(IChunkReader reader, ObjectVersion version, Memory<byte> content, CancellationToken cancellationToken)
    {
        var slices = new SliceCursor(version.Layout, RangeOutcome.Whole(version.Size));
        while (slices.TryNext(out var slice))
        {
            using var lease = reader.TryOpen(version, slice, out var hit) ? hit : await reader.OpenAsync(version, slice, cancellationToken);
            for (var offset = slice.Offset; offset < slice.End;)
            {
                var bytes = await lease.ReadAsync(offset, slice.End - offset, cancellationToken);
                bytes.CopyTo(content);
                content = content[bytes.Length..];
                offset += bytes.Length;
            }
        }
    }

    private static async Task PassThroughAsync(HttpContext context, IChunkReader reader, ObjectId id, ObjectLookup found)
    {
        using var answer = found.Reply?.TryOpen(hasRange: false, hasConditions: false)
            ?? await reader.PassThroughAsync(id, HttpMethod.Get, [], client: null, context.RequestAborted);
        if (answer.Status != StatusCodes.Status200OK)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status502BadGateway, $"The origin answers {answer.Status}.");
            return;
        }

        var content = new byte[MostBytes + 1];
        var length = await answer.Body.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > MostBytes)
        {
            await RefuseLengthAsync(context);
            return;
        }

        if (answer.ContentLength is { } promised && length != promised)
        {
            throw new IOException("The content is shorter than its length.");
        }

        context.Response.Headers.ContentEncoding = answer.Headers
            .Where(field => field.Key.Equals(HeaderNames.ContentEncoding, StringComparison.OrdinalIgnoreCase))
            .Select(field => field.Value)
            .ToArray();
        await WriteAsync(context, content.AsMemory(0, length));
    }

    private static Task RefuseLengthAsync(HttpContext context) =>
        AdminAnswer.RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"The object is longer than {MostBytes} bytes.");

    private static Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> content)
    {
        var response = context.Response;
        response.ContentType = "application/octet-stream";
        response.ContentLength = content.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentDisposition = "attachment";
        return response.Body.WriteAsync(content, context.RequestAborted).AsTask();
    }
}
