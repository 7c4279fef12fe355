using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Reads the fields that several questions have.</summary>
internal static class PoolFields
{
    public static ObjectId? ReadId(HttpRequest request) =>
        request.Headers[PoolProtocol.Object] is [['/', ..] path] ? new ObjectId(path) : null;

    public static long? ReadFirstByte(HttpRequest request) => ReadNumber(request, PoolProtocol.FirstByte);

    public static long? ReadGeneration(HttpRequest request) => ReadNumber(request, PoolProtocol.Generation);

    public static RequestFields ReadRequestFields(HttpRequest request)
    {
        var lines = request.Headers[PoolProtocol.RequestField];
        return lines.Count == 0
            ? RequestFields.None
            : new(
                from line in lines
                let colon = line.IndexOf(':', StringComparison.Ordinal)
                where colon > 0
                select KeyValuePair.Create(line[..colon], line[(colon + 1)..].Trim()));
    }

    public static void Add(HttpRequestMessage question, RequestFields fields)
    {
        foreach (var (name, value) in fields.All)
        {
            question.Headers.TryAddWithoutValidation(PoolProtocol.RequestField, $"{name}: {value}");
        }
    }

    private static long? ReadNumber(HttpRequest request, string field) =>
        long.TryParse(request.Headers[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
