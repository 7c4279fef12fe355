using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Takes those fields out of a client's request that <c>Origin:RequestFields</c> lists.</summary>
internal sealed class PassedOnFields(IOptions<OriginOptions> options)
{
    // Names and values of all fields, in characters. They are kept with the variants of an object, and members send them to each other.
    private const int Most = 8 * 1024;

    private readonly string[] _names = [.. options.Value.RequestFieldNames];

    /// <summary>Several lines of a field become one, as RFC 9110 §5.2 combines them. Fields beyond 8 KiB are not passed on.</summary>
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

            (found ??= []).Add(new(name, value));
        }

        return found is null ? RequestFields.None : new RequestFields(found);
    }
}
