using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>Asks members one after the other: the owner of a chunk, then those that stand in for it. Every read, fill and look-up that asks members does it by this.</summary>
internal sealed class MemberWalk(IReadOnlyList<Member> members, PeerVitals vitals)
{
    private int _next;

    /// <summary>Returns the member to ask next. Null: none is left, and this process goes on without them.</summary>
    public Member? Next() => _next < members.Count ? members[_next++] : null;

    /// <summary>Passes the member that was asked last, because it brought nothing, or not all.</summary>
    /// <param name="outcome">How the request ended. Behind a member that was silent the others are pinged at once, and not each in its turn.</param>
    /// <param name="error">
    /// What the member says of the origin. If its way to the origin is broken, or the origin is, one more try tells, from here, and not one at each member.
    /// </param>
    /// <param name="cancellationToken">Nobody wants the bytes any more.</param>
    public Task PassAsync(PeerReadOutcome outcome, ProxyError error, CancellationToken cancellationToken)
    {
        if (error is not (ProxyError.None or ProxyError.Overloaded))
        {
            _next = members.Count;
        }

        return outcome is PeerReadOutcome.Silent ? vitals.CheckAsync(members.Skip(_next), cancellationToken) : Task.CompletedTask;
    }
}
