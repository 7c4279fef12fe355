using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tests.Chunks;

internal static class LayoutSlices
{
    /// <summary>Returns the slices of a range, in order, as a reader walks through it.</summary>
    public static IEnumerable<Slice> Slices(this ChunkLayout layout, ByteRange range)
    {
        for (var offset = range.Start; offset < range.End;)
        {
            var slice = layout.SliceAt(offset, range.End);
            yield return slice;
            offset += slice.Length;
        }
    }
}
