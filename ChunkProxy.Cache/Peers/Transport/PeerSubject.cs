using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>The subject of a request to a member: an object, or one of its chunks from a byte on.</summary>
/// <param name="Id">The object.</param>
/// <param name="Chunk">The chunk; null for the object itself.</param>
/// <param name="Offset">Offset in the chunk of the byte that the caller waits for.</param>
internal readonly record struct PeerSubject(ObjectId Id, Chunk? Chunk = null, int Offset = 0)
{
    public static PeerSubject Of(Chunk chunk, int offset) => new(chunk.Version.Id, chunk, offset);

    /// <summary>Adds the fields that request it.</summary>
    public void AddTo(HttpRequestMessage question)
    {
        PoolFields.Add(question, Id);
        if (Chunk is { } chunk)
        {
            question.Headers.TryAddWithoutValidation(PoolProtocol.Version, chunk.Version.Token);
            question.Headers.TryAddWithoutValidation(PoolProtocol.Chunk, chunk.Index.ToString(CultureInfo.InvariantCulture));
            if (chunk.Version.Headers.Variant is { } variant)
            {
                PoolFields.Add(question, variant.ToRequestFields());
            }
        }
    }

    /// <summary>Adds the fields that name it in a ping, which asks whether the member's answer waits for others.</summary>
    public void NameTo(HttpRequestMessage ping)
    {
        PoolFields.AddName(ping, Id);
        if (Chunk is { } chunk)
        {
            ping.Headers.TryAddWithoutValidation(PoolProtocol.FirstByte, (chunk.Start + Offset).ToString(CultureInfo.InvariantCulture));
        }
    }
}
