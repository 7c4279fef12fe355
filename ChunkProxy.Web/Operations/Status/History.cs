using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Records the cluster's totals of the last 15 minutes, so that the status page has a history when it is opened.</summary>
internal sealed class History : BackgroundService
{
    private const int Kept = 180;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ClusterStatusReader _cluster;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<Sample> _samples = new(Kept); // guarded by _gate

    public History(ClusterStatusReader cluster, IMembershipSource membership, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;

        // A member's totals from before this process started are its baseline. It must be read before the member does more work, not later.
        membership.Changed += _ => Task.Run(() => cluster.ReadTotalsAsync(CancellationToken.None));
    }

    /// <summary>Returns the points, oldest first.</summary>
    public IReadOnlyList<HistoryPoint> Read()
    {
        lock (_gate)
        {
            return [.. _samples.Select(static it => new HistoryPoint(it.At, it.Totals.Shown))];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        using var stop = stoppingToken.Register(timer.Dispose); // ends the wait without an exception, whose trace would read the symbols at each stop
        do
        {
            var sample = new Sample(_time.GetUtcNow(), await _cluster.ReadTotalsAsync(stoppingToken));
            lock (_gate)
            {
                if (_samples.Count == Kept)
                {
                    _samples.Dequeue();
                }

                _samples.Enqueue(sample);
            }
        }
        while (await timer.WaitForNextTickAsync(CancellationToken.None));
    }

    private sealed record Sample(DateTimeOffset At, ClusterTotals Totals);
}
