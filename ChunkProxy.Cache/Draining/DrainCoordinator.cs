using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;

namespace ChunkProxy.Cache.Draining;

/// <summary>Orders members, this process included, to drain or to rejoin.</summary>
internal sealed class DrainCoordinator(ClusterView cluster, IMembershipSource membership, MemberDrain own, PeerRequests peers)
{
    // Longer than a member waits for etcd before it replies that the other members are not informed yet.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Members can be drained in this cluster.</summary>
    public bool ArePossible => membership is IDrainable;

    /// <summary>Possible targets of an order, ordered by id: members, and drained members.</summary>
    public IReadOnlyList<Member> Members => cluster.MembersAndDrained;

    /// <summary>Orders a member to drain. Returns null if the member does not answer.</summary>
    public Task<DrainReply?> DrainAsync(Member member, CancellationToken cancellationToken) =>
        SendAsync(member, HttpMethod.Post, own.DrainAsync, cancellationToken);

    /// <summary>Orders a member to rejoin. Returns null if the member does not answer.</summary>
    public Task<DrainReply?> RejoinAsync(Member member, CancellationToken cancellationToken) =>
        SendAsync(member, HttpMethod.Delete, own.RejoinAsync, cancellationToken);

    private async Task<DrainReply?> SendAsync(
        Member member, HttpMethod method, Func<CancellationToken, Task<DrainReply>> toOneself, CancellationToken cancellationToken) =>
        member.Id == membership.Self?.Id
            ? await toOneself(CancellationToken.None).ConfigureAwait(false)
            : await peers.AskAsync(member, PoolProtocol.DrainPath, [], DrainJson.Default.DrainReply, cancellationToken, method, Patience).ConfigureAwait(false);
}
