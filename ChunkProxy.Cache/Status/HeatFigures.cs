using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Status;

/// <summary>Which parts of a film clients read most, since it is counted.</summary>
/// <param name="SegmentsInPart">Of a film in segments: how many numbers of segments a part covers. 0: each part is a hundredth of the object.</param>
/// <param name="Reads">Reads of each part, from the beginning.</param>
internal sealed record HeatFigures(long SegmentsInPart, IReadOnlyList<long> Reads)
{
    /// <summary>Returns the heat that several counters have together, with the parts of the coarsest one; null if none has counted a read.</summary>
    public static HeatFigures? Of(IEnumerable<ObjectActivity> counters) =>
        AddUp(counters.Select(static it => new HeatFigures(it.NumbersInPart, [.. it.Heat.Select(static reads => (long)reads)])));

    /// <inheritdoc cref="Of"/>
    public static HeatFigures? AddUp(IEnumerable<HeatFigures?> several)
    {
        var all = several.OfType<HeatFigures>().Where(static heat => heat.Reads.Any(static reads => reads > 0)).ToList();
        if (all is [])
        {
            return null;
        }

        var width = all.Max(static heat => heat.SegmentsInPart);
        all = [.. all.Where(heat => heat.SegmentsInPart > 0 == width > 0)]; // a path is of an object or of segments; processes may differ for a moment
        var reads = new long[all.Max(heat => PartOf(heat, heat.Reads.Count - 1, width) + 1)];
        foreach (var heat in all)
        {
            for (var part = 0; part < heat.Reads.Count; part++)
            {
                reads[PartOf(heat, part, width)] += heat.Reads[part];
            }
        }

        return new HeatFigures(width, reads);
    }

    private static int PartOf(HeatFigures heat, int part, long width) => width == 0 ? part : (int)(part * heat.SegmentsInPart / width);
}
