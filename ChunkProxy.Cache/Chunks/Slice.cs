namespace ChunkProxy.Cache.Chunks;

/// <summary>The part of one chunk that a range needs; <paramref name="Offset"/> counts from the chunk's first byte.</summary>
public readonly record struct Slice(long ChunkIndex, int Offset, int Length)
{
    public int End => Offset + Length;

    /// <summary>Returns the rest of the slice, from an offset in the chunk.</summary>
    public Slice From(int offset) => new(ChunkIndex, offset, End - offset);
}
