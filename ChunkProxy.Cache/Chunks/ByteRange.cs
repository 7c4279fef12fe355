namespace ChunkProxy.Cache.Chunks;

/// <summary>A range of bytes of an object, from <paramref name="Start"/> up to but not including <paramref name="End"/>.</summary>
public readonly record struct ByteRange(long Start, long End)
{
    public long Length => End - Start;

    public static ByteRange Whole(long size) => new(0, size);
}
