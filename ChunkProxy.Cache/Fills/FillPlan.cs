using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Fills;

/// <summary>Decides which bytes of a chunk are fetched when. Does no I/O; the caller holds a lock around every call.</summary>
/// <remarks>
/// A chunk is filled by runs. The first begins at the byte that its reader wants and continues to the chunk's end. For bytes that no run
/// will reach soon, another run starts there and takes over what lies behind it. At any moment every byte is available, belongs to exactly
/// one run in progress, or belongs to none (a gap).
/// </remarks>
internal sealed class FillPlan(int length, Extents there)
{
    /// <summary>Maximum bytes written beyond a run's position, so a run that is cut short never writes into its successor's part.</summary>
    public const int LongestPiece = 256 * 1024;

    // More requests than this for one chunk do not make it faster.
    private const int MostRuns = 4;

    private readonly List<FillRun> _underWay = [];
    private Extents _there = there;

    public bool IsComplete => _there.Covers(0, length);

    public bool HasRuns => _underWay.Count > 0;

    /// <summary>Number of bytes that are not available yet.</summary>
    public int Missing => length - Present().TotalLength;

    /// <summary>Number of bytes that runs in progress will bring.</summary>
    public int Expected => _underWay.Sum(static run => run.Limit - run.Position);

    /// <summary>Returns all available bytes, including those of runs in progress.</summary>
    public Extents Present() =>
        _underWay.Count == 0 ? _there : Extents.Of([.. _there.Runs, .. _underWay.Select(run => (run.Start, run.Position))]);

    /// <summary>Returns the end of the available bytes from <paramref name="offset"/> on; the offset itself if its byte is missing.</summary>
    public int FilledEnd(int offset)
    {
        var end = offset;
        for (var grew = true; grew && end < length;)
        {
            var before = end;
            foreach (var (start, stop) in _there.Runs)
            {
                end = start <= end && end < stop ? stop : end;
            }

            foreach (var run in _underWay)
            {
                end = run.Start <= end && end < run.Position ? run.Position : end;
            }

            grew = end > before;
        }

        return end;
    }

    /// <summary>
    /// Returns the run to start for a reader that wants the missing byte at <paramref name="offset"/>; null if a run in progress will bring it.
    /// </summary>
    public FillRun? Want(int offset)
    {
        var ahead = _underWay.Where(run => run.Position <= offset && offset < run.Limit).MaxBy(run => run.Position);
        if (_underWay.Count > 0 && (_underWay.Count >= MostRuns || (ahead is not null && offset - ahead.Position <= ahead.Reach)))
        {
            return null;
        }

        var limit = ahead?.Limit ?? GapAt(offset).End;
        if (ahead is not null)
        {
            ahead.Limit = offset;
        }

        return Begin(offset, limit);
    }

    /// <summary>Returns a run for the first gap; null if there is none.</summary>
    public FillRun? NextGap()
    {
        for (var offset = 0; offset < length;)
        {
            var end = FilledEnd(offset);
            var owner = _underWay.Find(run => run.Position <= end && end < run.Limit);
            if (end >= length)
            {
                return null;
            }

            if (owner is null)
            {
                return Begin(end, GapAt(end).End);
            }

            offset = owner.Limit;
        }

        return null;
    }

    /// <summary>Moves a run that has received nothing yet towards the beginning of its gap, but not before <paramref name="from"/>.</summary>
    /// <remarks>For a source that reads those bytes anyway.</remarks>
    public void ExtendToFront(FillRun run, int from)
    {
        if (run.Position == run.Start)
        {
            run.Start = run.Position = Math.Min(run.Start, Math.Max(from, GapBefore(run.Start)));
        }
    }

    /// <summary>Ends the run, whether it reached its limit or not.</summary>
    public void End(FillRun run)
    {
        _underWay.Remove(run);
        _there = Extents.Of([.. _there.Runs, (run.Start, run.Position)]);
    }

    private FillRun Begin(int start, int limit)
    {
        var run = new FillRun(start, limit);
        _underWay.Add(run);
        return run;
    }

    private (int Start, int End) GapAt(int offset)
    {
        var end = length;
        foreach (var (start, _) in _there.Runs)
        {
            end = start > offset ? Math.Min(end, start) : end;
        }

        foreach (var run in _underWay)
        {
            end = run.Start > offset ? Math.Min(end, run.Start) : end;
        }

        return (offset, end);
    }

    private int GapBefore(int offset)
    {
        var start = 0;
        foreach (var (_, stop) in _there.Runs)
        {
            start = stop <= offset ? Math.Max(start, stop) : start;
        }

        foreach (var run in _underWay)
        {
            start = run.Limit <= offset ? Math.Max(start, run.Limit) : start;
        }

        return start;
    }
}
