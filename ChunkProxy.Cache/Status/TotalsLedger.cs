namespace ChunkProxy.Cache.Status;

/// <summary>Sums the work of the other members since this process started, from the totals that they report.</summary>
/// <remarks>
/// The sum covers one span of time: work before this process started does not count. Counted work remains when a member does not respond, leaves, or
/// restarts with totals of zero.
/// </remarks>
internal sealed class TotalsLedger(DateTimeOffset startedAt)
{
    /// <summary>Most members that are remembered. Members come and go under new ids; those that were silent longest are forgotten.</summary>
    internal const int Most = 4096;

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<string, Report> _last = []; // by member, the one heard longest ago first; under _gate
    private ClusterTotals _sum = ClusterTotals.None; // under _gate

    /// <summary>Members whose last totals are remembered.</summary>
    internal int Members
    {
        get
        {
            lock (_gate)
            {
                return _last.Count;
            }
        }
    }

    public ClusterTotals Sum
    {
        get
        {
            lock (_gate)
            {
                return _sum;
            }
        }
    }

    public void Note(string member, ProcessFigures figures)
    {
        var totals = ClusterTotals.Of(figures);
        lock (_gate)
        {
            if (_last.TryGetValue(member, out var last) && last.StartedAt == figures.StartedAt)
            {
                _sum += totals - last.Totals;
            }
            else if (figures.StartedAt >= startedAt)
            {
                _sum += totals;
            }

            _last.Remove(member);
            if (_last.Count == Most)
            {
                _last.Remove(_last.GetAt(0).Key);
            }

            _last[member] = new Report(figures.StartedAt, totals);
        }
    }

    private sealed record Report(DateTimeOffset StartedAt, ClusterTotals Totals);
}
