using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Draining;

/// <summary>
/// Drains this process and lets it rejoin, on an operator's order. A drain gives up
/// ownership, then hands over the hottest chunks. The process answers throughout.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither holds a resource unless its wait handle is used.")]
internal sealed class MemberDrain(IMembershipSource membership, HandOver handOver, ILogger<MemberDrain> log)
{
    private readonly SemaphoreSlim _order = new(1, 1); // one order at a time
    private CancellationTokenSource _rejoined = new(); // under _order
    private volatile Phase _phase = new(DrainState.Member); // compared by reference: each drain has its own

    public DrainState State => _phase.State;

    /// <summary>The last hand-over; completes when it has ended, with or without success.</summary>
    public Task HandOver { get; private set; } = Task.CompletedTask;

    /// <summary>Gives up ownership. The hand-over continues after the task has completed, until it is done or the process rejoins.</summary>
    public async Task<DrainReply> DrainAsync(CancellationToken cancellationToken)
    {
        await _order.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Refusal() is not DrainRefusal.None and var refusal)
            {
                return new DrainReply(State, refusal, Told: true);
            }

            if (State is not DrainState.Member)
            {
                return new DrainReply(State, DrainRefusal.None, Told: true);
            }

            var draining = new Phase(DrainState.Draining);
            _phase = draining;
            _rejoined = new CancellationTokenSource();
            var told = await ((IDrainable)membership).DrainAsync(cancellationToken).ConfigureAwait(false);
            log.Drains(membership.Self!.Label);
            HandOver = HandOverAsync(draining, _rejoined.Token);
            return new DrainReply(State, DrainRefusal.None, told);
        }
        finally
        {
            _order.Release();
        }
    }

    /// <summary>Takes ownership again.</summary>
    public async Task<DrainReply> RejoinAsync(CancellationToken cancellationToken)
    {
        await _order.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (membership is not IDrainable drainable)
            {
                return new DrainReply(State, DrainRefusal.FixedMembership, Told: true);
            }

            if (State is DrainState.Member)
            {
                return new DrainReply(State, membership.Self is null ? DrainRefusal.NoMember : DrainRefusal.None, Told: true);
            }

            await _rejoined.CancelAsync().ConfigureAwait(false);
            _phase = new Phase(DrainState.Member);
            var told = await drainable.RejoinAsync(cancellationToken).ConfigureAwait(false);
            log.RejoiningCluster(membership.Self!.Id);
            return new DrainReply(State, DrainRefusal.None, told);
        }
        finally
        {
            _order.Release();
        }
    }

    private DrainRefusal Refusal() =>
        membership is not IDrainable ? DrainRefusal.FixedMembership
        : membership.Self is not { } self ? DrainRefusal.NoMember
        : State is DrainState.Member && !membership.Owners.Epoch.Members.Any(member => member.Id != self.Id) ? DrainRefusal.LastMember
        : DrainRefusal.None;

    private async Task HandOverAsync(Phase draining, CancellationToken rejoined)
    {
        await Task.Yield();
        try
        {
            await handOver.OfferAllAsync(rejoined).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.HandOverFailedUnexpectedly(error);
        }

        // No effect if the process has rejoined meanwhile, and perhaps drains once more: it is in another phase then.
        Interlocked.CompareExchange(ref _phase!, new Phase(DrainState.Drained), draining);
    }

    private sealed class Phase(DrainState state)
    {
        public DrainState State { get; } = state;
    }
}
