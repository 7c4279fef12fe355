namespace ChunkProxy.Web.Status;

/// <summary>Remembers the cluster's totals of the last quarter of an hour, so that whoever opens the status page sees where it comes from.</summary>
internal sealed class History(ClusterStatsReader cluster, TimeProvider time) : BackgroundService
{
    private const int Kept = 180;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Queue<HistoryPoint> _points = new(Kept); // under _gate

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<HistoryPoint> Read()
    {
        lock (_gate)
        {
            return [.. _points];
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            var point = new HistoryPoint(time.GetUtcNow(), await cluster.ReadTotalsAsync(stoppingToken));
            lock (_gate)
            {
                if (_points.Count == Kept)
                {
                    _points.Dequeue();
                }

                _points.Enqueue(point);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
