namespace ChunkProxy.Cache.Chunks;

/// <summary>An aligned piece of one version of an object.</summary>
public readonly record struct Chunk(ObjectVersion Version, long Index)
{
    public ChunkKey Key => new(Version.Hash, Index);

    /// <summary>Bytes in this chunk; only an object's last chunk is shorter than the chunk size.</summary>
    public int Length => Version.Layout.LengthOf(Index);

    /// <summary>Offset of the chunk in its object, in bytes.</summary>
    public long Start => Version.Layout.StartOf(Index);

    /// <summary>The slice that contains all bytes of the chunk.</summary>
    public Slice Whole => new(Index, 0, Length);
}
