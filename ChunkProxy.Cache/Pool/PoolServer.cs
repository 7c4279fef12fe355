using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Pool;

/// <summary>Opens the pool port, takes part in the membership, and takes leave of both in the right order.</summary>
/// <remarks>
/// Start: the port, then the membership, so that nobody asks a closed port. Stop: first leave, so that nobody new asks; hand the
/// hottest chunks on; let the clients' server drain; close the port last.
/// </remarks>
internal sealed class PoolServer(
    IMembershipSource membership,
    PoolPort port,
    HandOver handOver,
    PurgeFeed purges,
    PurgeListeners listeners,
    RecentEvents events) : IAsyncDisposable
{
    /// <summary>Where the pool listens; empty for a process that owns nothing.</summary>
    public IEnumerable<string> Addresses => port.Addresses;

    /// <summary>Opens the port, then joins.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (membership.Self is not null)
        {
            await port.OpenAsync(cancellationToken).ConfigureAwait(false);
        }

        membership.Changed += owners => events.NoteMembers(owners.Epoch);
        await membership.StartAsync(cancellationToken).ConfigureAwait(false);
        purges.Start();
    }

    /// <summary>Leaves the membership and hands chunks on; the port stays open.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await membership.LeaveAsync(cancellationToken).ConfigureAwait(false);
        if (membership.Self is not null && membership.Owners.Epoch.Find(membership.Self.Id) is null)
        {
            await handOver.GiveAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the port when the requests under way have been answered.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        listeners.Close();
        await port.CloseAsync(cancellationToken).ConfigureAwait(false);
        await purges.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => port.DisposeAsync();
}
