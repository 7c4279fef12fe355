using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Writes requests to the origin.</summary>
/// <param name="origin">The origin's URL, to which object paths are appended.</param>
/// <param name="userAgent">User-Agent if the client's is not forwarded; empty to send none.</param>
/// <param name="loop">This process's name in <c>CDN-Loop</c>.</param>
internal sealed class OriginMessages(Uri origin, string userAgent, LoopMark loop)
{
    private readonly string _base = origin.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <param name="request">The request.</param>
    /// <param name="condition">The condition from <see cref="ConditionOf"/>, if one is to be sent.</param>
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

    /// <summary>
    /// Returns the condition on the known version; null if it has no usable validator. With <c>OnlyIfChanged</c> the origin answers 304 if the
    /// version is unchanged; otherwise it answers 412 if the version has changed.
    /// </summary>
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

    /// <summary>Returns a request with the given fields of the client.</summary>
    public HttpRequestMessage Write(ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> fields)
    {
        // The path is already normalized; Uri would unescape parts of it again.
        var uri = new Uri(_base + id.Target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
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
