using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Pool;

/// <summary>Opens the pool port and joins the membership, and leaves both in the right order.</summary>
/// <remarks>
/// Start: open the port, then join, so that no member asks a closed port. Stop: leave first, so that no new requests arrive; hand over the hottest
/// chunks; let the clients' server drain; close the port last.
/// </remarks>
internal sealed class PoolServer(
    IMembershipSource membership,
    PoolPort port,
    HandOver handOver,
    PurgeFeed purges,
    PurgeListeners listeners,
    RecentEvents events) : IAsyncDisposable
{
    /// <summary>The addresses that the pool listens on; empty for a process that owns nothing.</summary>
    public IEnumerable<string> Addresses => port.Addresses;

    /// <summary>Opens the port, then joins the membership.</summary>
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

    /// <summary>Leaves the membership and hands over chunks. The port stays open.</summary>
    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        await membership.LeaveAsync(cancellationToken).ConfigureAwait(false);
        if (membership.Self is not null && membership.Owners.Epoch.Find(membership.Self.Id) is null)
        {
            await handOver.OfferWithinLimitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Closes the port after the pending requests have completed.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        listeners.Close();
        await port.CloseAsync(cancellationToken).ConfigureAwait(false);
        await purges.DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => port.DisposeAsync();
}
