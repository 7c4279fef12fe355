using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Web.Http.Ranges;

/// <summary>Joins ranges that overlap or touch (RFC 9110 §15.3.7.2).</summary>
internal static class RangeCoalescing
{
    /// <summary>Returns disjoint runs that do not touch. A run takes the position of its first requested range.</summary>
    /// <remarks>Quadratic in the number of ranges, which is bounded by configuration.</remarks>
    public static List<ByteRange> Coalesce(IReadOnlyList<ByteRange> ranges)
    {
        var runs = new List<ByteRange>(ranges.Count);
        foreach (var range in ranges)
        {
            var grown = range;
            var place = runs.Count;
            for (var i = runs.Count - 1; i >= 0; i--)
            {
                // The runs never touch each other. So a run that this pass joins cannot reach a run that the pass has skipped:
                // only `range` bridges the gaps between runs.
                if (runs[i].Start <= range.End && range.Start <= runs[i].End)
                {
                    grown = new ByteRange(Math.Min(grown.Start, runs[i].Start), Math.Max(grown.End, runs[i].End));
                    runs.RemoveAt(i);
                    place = i;
                }
            }

            runs.Insert(place, grown);
        }

        return runs;
    }
}
