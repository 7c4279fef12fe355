using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Membership;

/// <summary>Keeps this process registered through all sessions until it leaves, then removes the registration.</summary>
/// <remarks>
/// One session at a time holds the lease. A process that leaves waits until that session releases the lease; no session holds it again.
/// </remarks>
internal sealed class KeptRegistration(
    MembershipLease lease, string member, IReadOnlyList<Uri> endpoints, EtcdOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _isFree = new(1, 1); // taken while a session holds the lease, and permanently before the lease is ended
    private readonly CancellationTokenSource _leave = new();

    public bool HasLeft => _leave.IsCancellationRequested;

    /// <summary>Keeps the process registered while the session lasts. Completes when the process leaves.</summary>
    /// <param name="etcd">The session's connection.</param>
    /// <param name="held">Called each time the registration is confirmed.</param>
    /// <param name="session">Ends the holding, but not the registration.</param>
    public async Task HoldAsync(EtcdConnection etcd, Action held, CancellationToken session)
    {
        using var untilLeft = CancellationTokenSource.CreateLinkedTokenSource(session, _leave.Token);
        try
        {
            await _isFree.WaitAsync(untilLeft.Token);
            try
            {
                await lease.HoldAsync(etcd, held, untilLeft.Token);
            }
            finally
            {
                _isFree.Release();
            }
        }
        catch (OperationCanceledException) when (HasLeft)
        {
            // The rest of the session continues.
        }
    }

    /// <summary>Announces whether this process gives up ownership. Returns false if etcd could not be informed within the lease's time.</summary>
    public async Task<bool> PublishAsync(bool leaving, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(options.LeaseTtl, time, cancellationToken);
        try
        {
            await lease.PublishAsync(leaving).WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Makes the current session release the lease soon, and keeps others from holding it.</summary>
    public Task ReleaseAsync() => _leave.CancelAsync();

    /// <summary>Removes the registration. Call <see cref="ReleaseAsync"/> first. If etcd cannot be informed, the lease expires by itself.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(options.LeaseTtl, time, cancellationToken); // by then the lease has expired by itself
        try
        {
            await _isFree.WaitAsync(limit.Token);
            await EndLeaseAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            logger.LeaveNotPublished(member, options.LeaseTtl, e);
        }
    }

    public void Dispose()
    {
        lease.Dispose();
        _isFree.Dispose();
        _leave.Dispose();
    }

    // On its own connection, at the first endpoint that answers.
    private async Task EndLeaseAsync(CancellationToken cancellationToken)
    {
        Exception? last = null;
        foreach (var endpoint in endpoints)
        {
            try
            {
                using var etcd = await EtcdConnection.OpenAsync(endpoint, options, time, cancellationToken);
                await lease.EndAsync(etcd, cancellationToken);
                logger.LeftCluster(member);
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                last = e;
            }
        }

        logger.LeaveNotPublished(member, options.LeaseTtl, last);
    }
}
