using System.Globalization;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Reads and writes the fields that several requests share.</summary>
internal static class PoolFields
{
    // In characters. At most 8 Ki characters of a client's request are forwarded.
    private const int LongestFields = 32 * 1024;

    public static ObjectId? ReadId(HttpRequest request, CacheOptions options) =>
        request.Headers[PoolProtocol.Object] is [['/', ..] path] ? options.ObjectAt(path) : null;

    public static long? ReadFirstByte(HttpRequest request) => ReadNumber(request, PoolProtocol.FirstByte);

    public static long? ReadGeneration(HttpRequest request) => ReadNumber(request, PoolProtocol.Generation);

    public static RequestFields ReadRequestFields(HttpRequest request)
    {
        if (request.Headers[PoolProtocol.RequestFields] is not [{ Length: <= LongestFields } line])
        {
            return RequestFields.None;
        }

        var bytes = new byte[line.Length];
        return Convert.TryFromBase64String(line, bytes, out var length)
            ? new(
                from field in Encoding.UTF8.GetString(bytes, 0, length).Split('\n')
                let colon = field.IndexOf(':', StringComparison.Ordinal)
                where colon > 0
                select KeyValuePair.Create(field[..colon], field[(colon + 1)..].Trim()))
            : RequestFields.None;
    }

    /// <summary>Adds the fields as one value, which the request's proof covers.</summary>
    public static void Add(HttpRequestMessage question, RequestFields fields)
    {
        if (fields.All.Count > 0)
        {
            question.Headers.TryAddWithoutValidation(PoolProtocol.RequestFields, Convert.ToBase64String(Encoding.UTF8.GetBytes(fields.Key)));
        }
    }

    /// <summary>Writes how the sender obtained its result about an object.</summary>
    public static void WriteLookup(HttpResponse response, ObjectLookup found)
    {
        if (found.AskedOrigin)
        {
            response.Headers[PoolProtocol.Asked] = found.Revalidated ? "again" : "1";
        }

        if (found.IsStale)
        {
            response.Headers[PoolProtocol.Stale] = "1";
        }
    }

    /// <summary>Reads the fields written by <see cref="WriteLookup"/>.</summary>
    public static ObjectLookup ReadLookup(HttpResponseMessage response, ObjectLookup found)
    {
        var asked = PeerTransport.Field(response, PoolProtocol.Asked);
        return found.AsSaidByPeer(asked is not null, revalidated: asked == "again", isStale: PeerTransport.Field(response, PoolProtocol.Stale) is not null);
    }

    private static long? ReadNumber(HttpRequest request, string field) =>
        long.TryParse(request.Headers[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
