using System.Text.Json.Serialization.Metadata;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Responses of the admin API: JSON, or one sentence with the reason of a refusal.</summary>
internal static class AdminAnswer
{
    public static Task WriteAsync<T>(HttpContext context, int status, T answer, JsonTypeInfo<T> type)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(answer, type, cancellationToken: context.RequestAborted);
    }

    public static Task RefuseAsync(HttpContext context, int status, string reason) =>
        ErrorAnswer.WriteAsync(context, status, reason, CacheStatus.Refused, static headers => headers.CacheControl = "no-store");
}
