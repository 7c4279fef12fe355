namespace ChunkProxy.Cache.Status;

/// <summary>Adds up what the other members have done since this process started, from the totals that they tell now and then.</summary>
/// <remarks>
/// So that the sum is about one span of time: what a member did before this process started does not count, and what it did counts on
/// when it does not answer, leaves, or starts anew with totals of zero.
/// </remarks>
internal sealed class TotalsLedger(DateTimeOffset startedAt)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset StartedAt, ClusterTotals Totals)> _last = []; // by member; under _gate
    private ClusterTotals _sum = ClusterTotals.None; // under _gate

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

            _last[member] = (figures.StartedAt, totals);
        }
    }
}
