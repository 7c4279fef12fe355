using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Tests.Peers;

/// <summary>A membership that the test controls.</summary>
internal sealed class ScriptedMembership(Member? self) : IMembershipSource, IDrainable
{
    public Member? Self { get; } = self;

    public OwnerMap Owners { get; private set; } = new OwnerMap(Epoch.Empty);

    public MembershipHealth Health => new(CoordinationState.NotUsed, DateTimeOffset.UnixEpoch, Registered: false, Problem: null);

    /// <summary>The drained members that the test sets, whether or not they are in the membership.</summary>
    public IReadOnlyList<Member> Drained { get; set; } = [];

    public event Action<OwnerMap>? Changed;

    public void Set(params IEnumerable<string> members)
    {
        Owners = Owners.Next(new Epoch(members.Select(id => new Member(id))));
        Changed?.Invoke(Owners);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task LeaveAsync(CancellationToken cancellationToken)
    {
        Set([.. Owners.Epoch.Members.Select(member => member.Id).Where(id => id != Self?.Id)]);
        return Task.CompletedTask;
    }

    public async Task<bool> DrainAsync(CancellationToken cancellationToken)
    {
        await LeaveAsync(cancellationToken);
        Drained = [Self!];
        return true;
    }

    public Task<bool> RejoinAsync(CancellationToken cancellationToken)
    {
        Drained = [];
        Set([.. Owners.Epoch.Members.Select(member => member.Id).Append(Self!.Id)]);
        return Task.FromResult(true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
