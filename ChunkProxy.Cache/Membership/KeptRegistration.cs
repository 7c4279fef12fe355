using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Membership;

/// <summary>Keeps this process registered through all sessions, until it leaves; then takes the registration away.</summary>
/// <remarks>The lease is held by one session at a time. Whoever leaves waits for that session to let go, and the lease is never held again.</remarks>
internal sealed class KeptRegistration(
    MembershipLease lease, string member, IReadOnlyList<Uri> endpoints, EtcdOptions options, TimeProvider time, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _isFree = new(1, 1); // taken while a session holds the lease, and for good once it is to end
    private readonly CancellationTokenSource _leave = new();

    public bool HasLeft => _leave.IsCancellationRequested;

    /// <summary>Keeps the process registered while the session lasts. Completes when the process leaves.</summary>
    /// <param name="etcd">The session's connection.</param>
    /// <param name="held">Called each time that the registration is known to stand.</param>
    /// <param name="session">Ends the holding, not the registration.</param>
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
            // The rest of the session goes on.
        }
    }

    /// <summary>Says from now on whether this process gives up ownership. False: etcd could not be told in the time in which a lease ends.</summary>
    public async Task<bool> TellAsync(bool leaving, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(options.LeaseTtl, time, cancellationToken);
        try
        {
            await lease.TellAsync(leaving).WaitAsync(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>From now on no session holds the lease, or not for long.</summary>
    public Task LetGoAsync() => _leave.CancelAsync();

    /// <summary>Takes the registration away, after <see cref="LetGoAsync"/>. Where etcd cannot be told, the lease ends by itself.</summary>
    public async Task EndAsync(CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(options.LeaseTtl, time, cancellationToken); // by then the lease has ended without us
        try
        {
            await _isFree.WaitAsync(limit.Token);
            await EndLeaseAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            logger.LeaveNotTold(member, options.LeaseTtl, e);
        }
    }

    public void Dispose()
    {
        lease.Dispose();
        _isFree.Dispose();
        _leave.Dispose();
    }

    // On a connection of its own, at the first endpoint that answers.
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

        logger.LeaveNotTold(member, options.LeaseTtl, last);
    }
}
