using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Status;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Remembers the cluster's totals of the last quarter of an hour, so that whoever opens the status page sees where it comes from.</summary>
internal sealed class History : BackgroundService
{
    private const int Kept = 180;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly ClusterStatusReader _cluster;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<HistoryPoint> _points = new(Kept); // under _gate

    public History(ClusterStatusReader cluster, IMembershipSource membership, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;

        // What a member had done before this process started must be known before it does more for it: asked at the next tick it would be too late.
        membership.Changed += _ => Task.Run(() => cluster.ReadTotalsAsync(CancellationToken.None));
    }

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
        using var timer = new PeriodicTimer(Interval, _time);
        do
        {
            var point = new HistoryPoint(_time.GetUtcNow(), await _cluster.ReadTotalsAsync(stoppingToken));
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
