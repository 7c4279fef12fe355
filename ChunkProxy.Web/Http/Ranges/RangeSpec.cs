using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Web.Http.Ranges;

/// <summary>One element of a Range field (RFC 9110 §14.1.1): <c>first-last</c>, <c>first-</c>, or the suffix <c>-length</c>.</summary>
/// <param name="First">Position of the first byte; null for a suffix.</param>
/// <param name="Last">Position of the last byte, or the length of a suffix; null for "to the end". Saturated at 2^63 - 1.</param>
internal readonly record struct RangeSpec(long? First, long? Last)
{
    /// <summary>Returns the bytes that the range selects from an object of this size; false if it selects none (§14.1.2).</summary>
    public bool TryResolve(long size, out ByteRange range)
    {
        if (First is not { } first)
        {
            var length = Math.Min(Last!.Value, size);
            range = new ByteRange(size - length, size);
            return length > 0;
        }

        // Compare before adding 1: a saturated last would overflow.
        var end = Last is { } last && last < size ? last + 1 : size;
        range = new ByteRange(first, end);
        return first < size;
    }
}
