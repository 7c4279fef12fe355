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

    private static long? ReadNumber(HttpRequest request, string field) =>
        long.TryParse(request.Headers[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
