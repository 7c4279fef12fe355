using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Writes requests to the origin.</summary>
/// <param name="origin">Its URL; objects are below.</param>
/// <param name="userAgent">Who asks, where the client's User-Agent is not passed on; empty: nobody is named.</param>
internal sealed class OriginMessages(Uri origin, string userAgent)
{
    private readonly string _base = origin.GetLeftPart(UriPartial.Path).TrimEnd('/');

    public HttpRequestMessage Write(OriginRequest request)
    {
        var message = Write(request.Id, HttpMethod.Get, request.Fields.All);
        if (request.Range is { } range)
        {
            message.Headers.Range = new RangeHeaderValue(range.Start, range.End - 1);
        }

        if (request.Expected is { Headers: var known })
        {
            // With OnlyIfChanged the unchanged version is answered by 304, else the changed one by 412: never by its bytes.
            if (known.ETag is { } etag && (request.OnlyIfChanged || Validator.IsStrong(etag)))
            {
                message.Headers.TryAddWithoutValidation(request.OnlyIfChanged ? "If-None-Match" : "If-Match", etag);
            }
            else if (known.LastModified is { } modified)
            {
                message.Headers.TryAddWithoutValidation(request.OnlyIfChanged ? "If-Modified-Since" : "If-Unmodified-Since", known.LastModifiedField ?? HttpDate.Format(modified));
            }
        }

        return message;
    }

    /// <summary>A request with fields of the client's.</summary>
    public HttpRequestMessage Write(ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> fields)
    {
        // The path is in its normal form already; Uri would unescape some of it once more.
        var uri = new Uri(_base + id.PathAndQuery, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(method, uri) { Version = HttpVersion.Version11 };
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        message.Headers.TryAddWithoutValidation("Via", "1.1 chunkproxy");
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
