using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>What a question to a member is about: an object, or a chunk of one, from a byte on.</summary>
/// <param name="Id">The object.</param>
/// <param name="Chunk">The chunk; null: the object itself.</param>
/// <param name="Offset">The byte that is waited for, from the chunk's start.</param>
internal readonly record struct PeerSubject(ObjectId Id, Chunk? Chunk = null, int Offset = 0)
{
    public static PeerSubject Of(Chunk chunk, int offset) => new(chunk.Version.Id, chunk, offset);

    /// <summary>Asks for it.</summary>
    public void AddTo(HttpRequestMessage question)
    {
        question.Headers.TryAddWithoutValidation(PoolProtocol.Object, Id.PathAndQuery);
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

    /// <summary>Names it to a member that is pinged: does its answer wait for others?</summary>
    public void NameTo(HttpRequestMessage ping)
    {
        ping.Headers.TryAddWithoutValidation(PoolProtocol.Object, Id.PathAndQuery);
        if (Chunk is { } chunk)
        {
            ping.Headers.TryAddWithoutValidation(PoolProtocol.FirstByte, (chunk.Start + Offset).ToString(CultureInfo.InvariantCulture));
        }
    }
}
