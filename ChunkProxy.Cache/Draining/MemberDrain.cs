using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Draining;

/// <summary>Drains this process and lets it join again, as an operator orders: first it gives up ownership, then it hands its hottest chunks on, and it answers all the time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Neither holds anything unless its wait handle is asked for.")]
internal sealed class MemberDrain(IMembershipSource membership, HandOver handOver, ILogger<MemberDrain> log)
{
    private readonly SemaphoreSlim _order = new(1, 1); // one order at a time
    private CancellationTokenSource _rejoined = new(); // under _order
    private volatile Phase _phase = new(DrainState.Member); // told apart by reference: each drain has its own

    public DrainState State => _phase.State;

    /// <summary>The last hand-over; completes when it has ended, whichever way.</summary>
    public Task HandOver { get; private set; } = Task.CompletedTask;

    /// <summary>Gives up ownership. The hand-over goes on when the task has completed, until it is done or the process joins again.</summary>
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
            HandOver = HandOnAsync(draining, _rejoined.Token);
            return new DrainReply(State, DrainRefusal.None, told);
        }
        finally
        {
            _order.Release();
        }
    }

    /// <summary>Owns chunks again.</summary>
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
            log.JoinsAgain(membership.Self!.Id);
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

    private async Task HandOnAsync(Phase draining, CancellationToken rejoined)
    {
        await Task.Yield();
        try
        {
            await handOver.GiveAllAsync(rejoined).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.HandOverFailedUnexpectedly(error);
        }

        // Who has joined again meanwhile, and perhaps drains once more, is in another phase.
        Interlocked.CompareExchange(ref _phase!, new Phase(DrainState.Drained), draining);
    }

    private sealed class Phase(DrainState state)
    {
        public DrainState State { get; } = state;
    }
}
