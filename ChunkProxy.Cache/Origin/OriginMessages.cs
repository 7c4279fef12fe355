using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Writes requests to the origin.</summary>
/// <param name="origin">Its URL; objects are below.</param>
/// <param name="userAgent">Who asks, where the client's User-Agent is not passed on; empty: nobody is named.</param>
/// <param name="loop">What this process is called in <c>CDN-Loop</c>.</param>
internal sealed class OriginMessages(Uri origin, string userAgent, LoopMark loop)
{
    private readonly string _base = origin.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <param name="request">What is asked.</param>
    /// <param name="condition">The condition to send with it, if any: <see cref="ConditionOf"/>.</param>
    public HttpRequestMessage Write(OriginRequest request, KeyValuePair<string, string>? condition)
    {
        var message = Write(request.Id, HttpMethod.Get, request.Fields.All);
        if (request.Range is { } range)
        {
            message.Headers.Range = new RangeHeaderValue(range.Start, range.End - 1);
        }

        if (condition is var (name, value))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    /// <summary>The condition that makes the answer depend on the known version: an unchanged one is answered by 304 with <c>OnlyIfChanged</c>, else a
    /// changed one by 412; never by its bytes. Null where nothing is known that could be a condition.</summary>
    public static KeyValuePair<string, string>? ConditionOf(OriginRequest request)
    {
        if (request.Expected is not { Headers: var known })
        {
            return null;
        }

        if (known.ETag is { } etag && (request.OnlyIfChanged || Validator.IsStrong(etag)))
        {
            return new(request.OnlyIfChanged ? "If-None-Match" : "If-Match", etag);
        }

        return known.LastModified is { } modified
            ? new(request.OnlyIfChanged ? "If-Modified-Since" : "If-Unmodified-Since", known.LastModifiedField ?? HttpDate.Format(modified))
            : null;
    }

    /// <summary>A request with fields of the client's.</summary>
    public HttpRequestMessage Write(ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> fields)
    {
        // The path is in its normal form already; Uri would unescape some of it once more.
        var uri = new Uri(_base + id.PathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(method, uri) { Version = HttpVersion.Version11 };
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        message.Headers.TryAddWithoutValidation("Via", "1.1 chunkproxy");
        message.Headers.TryAddWithoutValidation(LoopMark.FieldName, loop.Value);
        foreach (var (name, value) in fields)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (userAgent.Length > 0 && !message.Headers.NonValidated.Contains("User-Agent"))
        {
            message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        return message;
    }
}
