using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Cluster;

/// <summary>Finds the drained member that would own a chunk if no member were drained. It still answers, and has what it owned before.</summary>
internal sealed class DrainedOwners(Epoch epoch, IReadOnlyList<Member> drained)
{
    private readonly OwnerMap _undrained = new(new Epoch([.. epoch.Members, .. drained.Where(member => epoch.Find(member.Id) is null)]));

    public Epoch Epoch { get; } = epoch;

    public IReadOnlyList<Member> Drained { get; } = drained;

    /// <summary>Returns that member; null if the owner would be a member that is not drained.</summary>
    public Member? OwnerOf(ObjectId id, long chunkIndex) =>
        _undrained.OwnerOf(id.Hash, chunkIndex) is { } owner && Epoch.Find(owner.Id) is null ? owner : null;
}
