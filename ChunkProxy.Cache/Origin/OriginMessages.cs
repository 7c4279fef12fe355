using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Cache.Origin;

/// <summary>Writes requests to the origin.</summary>
/// <param name="origin">The origin's URL, to which object paths are appended.</param>
/// <param name="userAgent">User-Agent if the client's is not forwarded; empty to send none.</param>
/// <param name="loop">This process's name in <c>CDN-Loop</c>.</param>
/// <param name="access">What a private origin requires.</param>
/// <param name="asHost">The host that the origin is asked for; null or empty: that of its URL.</param>
internal sealed class OriginMessages(Uri origin, string userAgent, LoopMark loop, OriginAccess access, string? asHost = null)
{
    /// <summary>The name of this proxy in <c>Via</c>, in requests to the origin and in responses to clients (RFC 9110 §7.6.3).</summary>
    public const string Via = "1.1 chunkproxy";

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
        var credentials = access.Current;
        var (host, target) = HostedTarget.Split(TargetOf(id));
        var message = new HttpRequestMessage(method, Exactly(_base + credentials.AddTo(target))) { Version = HttpVersion.Version11 };
        message.Headers.Host = host ?? (string.IsNullOrEmpty(asHost) ? null : asHost); // TLS follows it; null: the host of the URL
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        message.Headers.TryAddWithoutValidation("Via", Via);
        message.Headers.TryAddWithoutValidation(LoopMark.FieldName, loop.Value);
        var own = id.Credentials.All.Count == 0 ? fields : fields.Concat(id.Credentials.All).DistinctBy(field => field.Key, StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in own.Where(field => !credentials.Replace(field.Key)).Concat(credentials.Fields))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        if (userAgent.Length > 0 && !message.Headers.NonValidated.Contains("User-Agent"))
        {
            message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        }

        return message;
    }

    /// <summary>Returns the request that follows a redirect. Another host gets no credentials.</summary>
    /// <param name="message">The request that was redirected.</param>
    /// <param name="target">The target of the redirect.</param>
    /// <param name="isOrigin">Whether the target is at the origin.</param>
    public HttpRequestMessage Redirected(HttpRequestMessage message, Uri target, bool isOrigin)
    {
        var credentials = access.Current;
        if (credentials.Query.Count > 0)
        {
            var (server, rest) = (target.GetLeftPart(UriPartial.Authority), target.PathAndQuery);
            target = Exactly(server + (isOrigin ? credentials.AddTo(rest) : credentials.RemoveFrom(rest)));
        }

        var next = new HttpRequestMessage(message.Method, target) { Version = message.Version };
        foreach (var (name, values) in message.Headers.NonValidated)
        {
            var isForOrigin = credentials.Replace(name) || RequestFields.AreCredentials(name);
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase) && (isOrigin || !isForOrigin))
            {
                next.Headers.TryAddWithoutValidation(name, values);
            }
        }

        next.Headers.Host = isOrigin ? message.Headers.Host : null;
        return next;
    }

    // The query of a client is dropped if requests are signed: with a signature it would have the operator's rights, such as to list a bucket.
    private string TargetOf(ObjectId id) => access.Signature is null ? id.Target : id.Target[..QueryParameters.EndOfPath(id.Target)];

    // The path is already normalized; Uri would unescape parts of it again.
    private static Uri Exactly(string uri) => new(uri, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
