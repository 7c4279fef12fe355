using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;

namespace ChunkProxy.Cache.Peers;

/// <summary>Reads the fields that several questions have.</summary>
internal static class PoolFields
{
    public static ObjectId? ReadId(HttpRequest request, CacheOptions options) =>
        request.Headers[PoolProtocol.Object] is [['/', ..] path] ? options.ObjectAt(path) : null;

    public static long? ReadFirstByte(HttpRequest request) => ReadNumber(request, PoolProtocol.FirstByte);

    public static long? ReadGeneration(HttpRequest request) => ReadNumber(request, PoolProtocol.Generation);

    /// <summary>Writes how the sender found out what it says of an object.</summary>
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

    /// <summary>Reads what <see cref="WriteLookup"/> wrote.</summary>
    public static ObjectLookup ReadLookup(HttpResponseMessage response, ObjectLookup found)
    {
        var asked = PeerTransport.Field(response, PoolProtocol.Asked);
        return found.AsSaidByPeer(asked is not null, revalidated: asked == "again", isStale: PeerTransport.Field(response, PoolProtocol.Stale) is not null);
    }

    private static long? ReadNumber(HttpRequest request, string field) =>
        long.TryParse(request.Headers[field], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
