using ChunkProxy.Cache.Ownership;
using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>Asks members one after the other: a chunk's owner, then its stand-ins. All reads, fills and look-ups at members use it.</summary>
internal sealed class MemberWalk(IReadOnlyList<Member> members, PeerVitals vitals)
{
    private int _next;

    /// <summary>Returns the next member to ask; null if none is left and this process must continue on its own.</summary>
    public Member? Next() => _next < members.Count ? members[_next++] : null;

    /// <summary>Records that the last member returned nothing, or not everything.</summary>
    /// <param name="outcome">
    /// The outcome of the request. After a silent member, the remaining members are pinged at once rather than one by one.
    /// </param>
    /// <param name="error">
    /// The origin error that the member reported. After such an error no other member is asked: one more attempt at the origin, from this process,
    /// shows whether the origin or only the member's path to it is broken.
    /// </param>
    /// <param name="cancellationToken">Cancels the pings.</param>
    public Task PassAsync(PeerReadOutcome outcome, ProxyError error, CancellationToken cancellationToken)
    {
        if (error is not (ProxyError.None or ProxyError.Overloaded))
        {
            _next = members.Count;
        }

        return outcome is PeerReadOutcome.Silent ? vitals.CheckAsync(members.Skip(_next), cancellationToken) : Task.CompletedTask;
    }
}
