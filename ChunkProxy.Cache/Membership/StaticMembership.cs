using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Membership;

/// <summary>A membership that is fixed at the start: a list of peers, or a process that stands alone.</summary>
/// <remarks>
/// Members that are down stay members; reads bypass them. Leaving has no effect, because the other members cannot be informed: the process
/// owns its chunks until its end.
/// </remarks>
public sealed class StaticMembership : IMembershipSource
{
    /// <param name="self">This process as a member; null if it owns nothing. Added to the peers if it is not among them.</param>
    /// <param name="peers">Pool addresses in any order, each with or without a name (<see cref="ListedMember"/>); duplicates are allowed.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="FormatException">A peer is not <c>host:port</c>.</exception>
    public StaticMembership(Member? self, IEnumerable<string> peers, TimeProvider time)
    {
        Self = self;
        var others = peers.Select(ListedMember.Parse)
            .Select(peer => new Member(HostPort.Parse(peer.Address).Normal.ToString()) { Name = peer.Name })
            .DistinctBy(peer => peer.Id)
            .Where(peer => peer.Id != self?.Id);
        Owners = new OwnerMap(new Epoch([.. others, .. self is null ? [] : new[] { self }]));
        Health = new MembershipHealth(CoordinationState.NotUsed, time.GetUtcNow(), Registered: false, Problem: null);
    }

    public Member? Self { get; }

    public OwnerMap Owners { get; }

    public MembershipHealth Health { get; }

    /// <summary>Never raised: the membership is fixed.</summary>
    public event Action<OwnerMap>? Changed
    {
        add { }
        remove { }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task LeaveAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
