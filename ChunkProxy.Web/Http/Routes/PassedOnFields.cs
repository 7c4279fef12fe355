using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Web.Settings;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Selects the fields of a client's request that <c>Origin:RequestFields</c> lists, and <c>CDN-Loop</c>.</summary>
internal sealed class PassedOnFields(OriginOptions options, CorsOptions cors)
{
    // Characters of all names and values. The fields are stored with the variants of an object, and sent between members.
    private const int Most = 8 * 1024;

    // With a CORS policy, responses do not depend on the origin's decision about Origin, so the field must not make variants.
    // CDN-Loop always: each proxy on the way to the origin can then detect a loop (RFC 8586).
    private readonly string[] _names =
    [
        .. options.RequestFieldNames.Where(name => string.IsNullOrEmpty(cors.Cors) || !name.Equals("Origin", StringComparison.OrdinalIgnoreCase)),
        LoopMark.FieldName,
    ];

    /// <summary>
    /// Combines several lines of a field into one (RFC 9110 §5.2). Fields beyond 8 KiB in total, and values with control characters, are not passed on.
    /// </summary>
    public RequestFields Of(IHeaderDictionary headers)
    {
        List<KeyValuePair<string, string>>? found = null;
        var length = 0;
        foreach (var name in _names)
        {
            if (headers[name] is not { Count: > 0 } lines)
            {
                continue;
            }

            var value = string.Join(", ", lines.Select(line => line.AsSpan().Trim(" \t").ToString()));
            length += name.Length + value.Length;
            if (length > Most)
            {
                break;
            }

            if (FieldValue.IsSendable(value))
            {
                (found ??= []).Add(new(name, value));
            }
        }

        return found is null ? RequestFields.None : new RequestFields(found);
    }
}
