namespace ChunkProxy.Cache.Chunks;

/// <summary>[3] How an object of a known size is cut into chunks: all of one size, aligned to it, the last one shorter.</summary>
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

    /// <summary>An empty object has no chunks.</summary>
    public long ChunkCount => (ObjectSize / ChunkSize) + (ObjectSize % ChunkSize == 0 ? 0 : 1);

    public long IndexOf(long offset) => offset / ChunkSize;

    public long StartOf(long index) => index * ChunkSize;

    public int LengthOf(long index) => (int)Math.Min(ChunkSize, ObjectSize - StartOf(index));

    /// <summary>Returns the slice at which a range that goes on to <paramref name="end"/> continues at <paramref name="offset"/>.</summary>
    /// <remarks>A reader walks a range with it: each slice ends where its chunk or the range does, whichever is first.</remarks>
    public Slice SliceAt(long offset, long end)
    {
        var index = IndexOf(offset);
        var start = StartOf(index);
        var stop = Math.Min(end, start + LengthOf(index));
        return new Slice(index, (int)(offset - start), (int)(stop - offset));
    }

    /// <summary>The slices of a range, in order; joined they are exactly that range.</summary>
    public IEnumerable<Slice> Slices(ByteRange range)
    {
        for (var offset = range.Start; offset < range.End;)
        {
            var slice = SliceAt(offset, range.End);
            yield return slice;
            offset += slice.Length;
        }
    }
}
