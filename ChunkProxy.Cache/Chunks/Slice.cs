namespace ChunkProxy.Cache.Chunks;

/// <summary>The part of one chunk that a range needs; <paramref name="Offset"/> counts from the chunk's first byte.</summary>
public readonly record struct Slice(long ChunkIndex, int Offset, int Length)
{
    public int End => Offset + Length;
}
