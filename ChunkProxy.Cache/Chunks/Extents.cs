namespace ChunkProxy.Cache.Chunks;

/// <summary>The bytes of an incomplete chunk that are present, as disjoint, ascending runs that do not touch.</summary>
internal sealed class Extents
{
    public static Extents None { get; } = new([]);

    private readonly (int Start, int End)[] _runs;

    private Extents((int Start, int End)[] runs) => _runs = runs;

    public ReadOnlySpan<(int Start, int End)> Runs => _runs;

    public int TotalLength => _runs.Sum(run => run.End - run.Start);

    public bool Covers(int start, int end) => _runs.Any(run => run.Start <= start && end <= run.End);

    /// <summary>Joins runs, which may overlap and may be in any order.</summary>
    public static Extents Of(IEnumerable<(int Start, int End)> runs)
    {
        var joined = new List<(int Start, int End)>();
        foreach (var run in runs.Where(run => run.Start < run.End).OrderBy(run => run.Start))
        {
            if (joined.Count > 0 && run.Start <= joined[^1].End)
            {
                joined[^1] = (joined[^1].Start, Math.Max(joined[^1].End, run.End));
            }
            else
            {
                joined.Add(run);
            }
        }

        return joined.Count == 0 ? None : new Extents([.. joined]);
    }
}
