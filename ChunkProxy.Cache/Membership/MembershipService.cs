namespace ChunkProxy.Cache.Membership;

/// <summary>Takes part in the cluster exactly while the process can be reached: joins once it listens, leaves before it drains.</summary>
internal sealed class MembershipService(IMembershipSource membership) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => membership.StartAsync(cancellationToken);

    public Task StoppingAsync(CancellationToken cancellationToken) => membership.LeaveAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
