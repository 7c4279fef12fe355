using ChunkProxy.Cache.Cluster;

namespace ChunkProxy.Cache.Pool;

/// <summary>Ties the pool to the process lifetime: it starts first, leaves the cluster first, and stops last.</summary>
internal sealed class PoolMember(ClusterView cluster, IServiceProvider services) : IHostedLifecycleService
{
    private PoolServer? _pool;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<TrustWarnings>().Log();
        if (!cluster.IsStandAlone)
        {
            _pool = services.GetRequiredService<PoolServer>();
            await _pool.StartAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => _pool?.LeaveAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => _pool?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
