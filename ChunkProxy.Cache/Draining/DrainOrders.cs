using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;

namespace ChunkProxy.Cache.Draining;

/// <summary>Tells members, this process among them, to drain or to join again.</summary>
internal sealed class DrainOrders(ClusterView cluster, IMembershipSource membership, MemberDrain own, PeerRequests peers)
{
    // Longer than a member waits for etcd before it says that the others are not told yet.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Members can be drained here.</summary>
    public bool ArePossible => membership is IDrainable;

    /// <summary>All that an order may be given to, by id: members, and those that are drained.</summary>
    public IReadOnlyList<Member> Members => cluster.MembersAndDrained;

    /// <summary>Null: the member does not answer.</summary>
    public Task<DrainReply?> DrainAsync(Member member, CancellationToken cancellationToken) =>
        GiveAsync(member, HttpMethod.Post, own.DrainAsync, cancellationToken);

    /// <inheritdoc cref="DrainAsync"/>
    public Task<DrainReply?> RejoinAsync(Member member, CancellationToken cancellationToken) =>
        GiveAsync(member, HttpMethod.Delete, own.RejoinAsync, cancellationToken);

    private async Task<DrainReply?> GiveAsync(
        Member member, HttpMethod method, Func<CancellationToken, Task<DrainReply>> toOneself, CancellationToken cancellationToken) =>
        member.Id == membership.Self?.Id
            ? await toOneself(CancellationToken.None).ConfigureAwait(false)
            : await peers.AskAsync(member, PoolProtocol.DrainPath, [], DrainJson.Default.DrainReply, cancellationToken, method, Patience).ConfigureAwait(false);
}
