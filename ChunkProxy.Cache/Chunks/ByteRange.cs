namespace ChunkProxy.Cache.Chunks;

/// <summary>A run of bytes of an object: <paramref name="Start"/> is the first, <paramref name="End"/> one past the last.</summary>
public readonly record struct ByteRange(long Start, long End)
{
    public long Length => End - Start;

    public static ByteRange Whole(long size) => new(0, size);
}
