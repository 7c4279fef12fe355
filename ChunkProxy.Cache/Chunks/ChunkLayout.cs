namespace ChunkProxy.Cache.Chunks;

/// <summary>[3] Splits an object of a known size into aligned chunks of one size; only the last chunk may be shorter.</summary>
public readonly record struct ChunkLayout
{
    public ChunkLayout(int chunkSize, long objectSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chunkSize);
        ArgumentOutOfRangeException.ThrowIfNegative(objectSize);
        ChunkSize = chunkSize;
        ObjectSize = objectSize;
    }

    public int ChunkSize { get; }

    public long ObjectSize { get; }

    /// <summary>Number of chunks; 0 for an empty object.</summary>
    public long ChunkCount => (ObjectSize / ChunkSize) + (ObjectSize % ChunkSize == 0 ? 0 : 1);

    public long IndexOf(long offset) => offset / ChunkSize;

    public long StartOf(long index) => index * ChunkSize;

    public int LengthOf(long index) => (int)Math.Min(ChunkSize, ObjectSize - StartOf(index));

    /// <summary>Returns the slice at <paramref name="offset"/> of a range that ends before <paramref name="end"/>.</summary>
    /// <remarks>The slice ends with its chunk or with the range, whichever ends first. Readers walk through a range with it.</remarks>
    public Slice SliceAt(long offset, long end)
    {
        var index = IndexOf(offset);
        var start = StartOf(index);
        var stop = Math.Min(end, start + LengthOf(index));
        return new Slice(index, (int)(offset - start), (int)(stop - offset));
    }
}
