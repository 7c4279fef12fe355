using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Answers a member with a body that is sent as a whole and covered by the proof.</summary>
internal static class PoolReply
{
    public static Task WriteJsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(value, type));
    }

    public static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> content)
    {
        context.Response.ContentLength = content.Length;
        if (context.Features.Get<ProvenAnswer>() is not null)
        {
            context.Response.Headers[PoolProof.Content] = PoolProof.DigestOf(content.Span);
        }

        await context.Response.BodyWriter.WriteAsync(content, context.RequestAborted).ConfigureAwait(false);
    }
}
