using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Membership;
using ChunkProxy.Cache.Ownership;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Cluster;

/// <summary>The cluster as this process sees it now: which members own a chunk, stand in for its owner, or may still hold it.</summary>
internal sealed class ClusterView(IMembershipSource membership, IOptions<PoolOptions> options)
{
    // The owner and two stand-ins. If all three are gone at once, this process fetches the chunk itself.
    private const int Candidates = 3;

    private readonly string _frontEndName = $"front end {Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid().ToString("N")[..8]}";
    private DrainedOwners? _drainedOwners; // of the last epoch that was asked for; a caller that finds an older epoch replaces it

    /// <summary>This process as a member; null if it stands alone or owns nothing.</summary>
    public Member? Self => membership.Self;

    /// <summary>This process's name for other processes: its member id, or a unique name if it owns nothing.</summary>
    public string ProcessName => Self?.Id ?? _frontEndName;

    public bool IsStandAlone { get; } = options.Value.IsStandAlone;

    public OwnerMap Owners => membership.Owners;

    /// <summary>Members that an operator has drained: they own nothing at the moment, but still answer.</summary>
    public IReadOnlyList<Member> Drained => (membership as IDrainable)?.Drained ?? [];

    /// <summary>All members, drained ones included, ordered by id.</summary>
    public IReadOnlyList<Member> MembersAndDrained =>
    [
        .. Owners.Epoch.Members.Concat(Drained).DistinctBy(member => member.Id).OrderBy(member => member.Id, StringComparer.Ordinal),
    ];

    /// <summary>Returns true if this process is the chunk's owner, or if there is no other owner.</summary>
    public bool Owns(Chunk chunk) => Owns(chunk.Version.Id, chunk.Index);

    /// <inheritdoc cref="Owns(Chunk)"/>
    public bool Owns(ObjectId id, long chunkIndex) =>
        IsStandAlone || membership.Owners.OwnerOf(id.Hash, chunkIndex) is not { } owner || owner.Id == membership.Self?.Id;

    /// <summary>
    /// Returns the members to ask for the chunk, in order: its owner, then its stand-ins. Only those that rank before this process.
    /// </summary>
    public IReadOnlyList<Member> MembersToAsk(ObjectId id, long chunkIndex)
    {
        var ranked = new Member[Candidates];
        var count = Owners.Rank(id.Hash, chunkIndex, ranked);
        var self = Self is { } me ? Array.FindIndex(ranked, 0, count, member => member.Id == me.Id) : -1;
        return new ArraySegment<Member>(ranked, 0, self >= 0 ? self : count);
    }

    /// <summary>Returns the members that may still hold the chunk from before the membership changed, most likely first.</summary>
    /// <remarks>
    /// First the owner in the previous membership. Then the first stand-in: by rendezvous hashing it owned the chunk before this process joined,
    /// however many other members have joined and left since. Last the member that would own the chunk if it were not drained.
    /// </remarks>
    public IEnumerable<Member> MembersThatMayHold(ObjectId id, long chunkIndex)
    {
        var owners = Owners;
        var self = Self?.Id;
        if (IsStandAlone || owners.PreviousEpoch is null || self is null)
        {
            yield break;
        }

        var previous = owners.FormerOwnerOf(id.Hash, chunkIndex);
        if (previous is not null && previous.Id != self)
        {
            yield return previous;
        }

        var ranked = new Member[2];
        var count = owners.Rank(id.Hash, chunkIndex, ranked);
        foreach (var member in ranked.AsSpan(0, count).ToArray())
        {
            if (member.Id != self && member.Id != previous?.Id)
            {
                yield return member;
            }
        }

        if (OwnerIfNotDrained(owners, id, chunkIndex) is { } drained && drained.Id != self && drained.Id != previous?.Id)
        {
            yield return drained;
        }
    }

    private Member? OwnerIfNotDrained(OwnerMap owners, ObjectId id, long chunkIndex)
    {
        if (Drained is not { Count: > 0 } drained)
        {
            return null;
        }

        var known = _drainedOwners;
        if (known is null || known.Epoch != owners.Epoch || !known.Drained.SequenceEqual(drained))
        {
            _drainedOwners = known = new DrainedOwners(owners.Epoch, drained);
        }

        return known.OwnerOf(id, chunkIndex);
    }
}
