using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Ownership;

/// <summary>Gives the owner, the stand-ins and the former owner of every chunk.</summary>
/// <remarks>
/// A map is immutable. A membership change makes a new map, and a request keeps the map it started with. Processes with the same members have equal
/// maps, whatever order they saw them in, so ownership is computed and never requested. Ownership does not depend on the object's version: it is
/// known before the version is.
/// </remarks>
public sealed class OwnerMap
{
    private readonly RendezvousHash _current;
    private readonly RendezvousHash? _previous;
    private readonly bool _departedAnswer;

    public OwnerMap(Epoch epoch)
        : this(epoch, new RendezvousHash(epoch), null, null, departedAnswer: false)
    {
    }

    private OwnerMap(Epoch epoch, RendezvousHash current, Epoch? previousEpoch, RendezvousHash? previous, bool departedAnswer)
    {
        Epoch = epoch;
        PreviousEpoch = previousEpoch;
        _current = current;
        _previous = previous;
        _departedAnswer = departedAnswer;
    }

    public Epoch Epoch { get; }

    /// <summary>The previous membership; null for the first.</summary>
    public Epoch? PreviousEpoch { get; }

    /// <summary>Returns the chunk's owner; null if there are no members.</summary>
    public Member? OwnerOf(Hash128 objectHash, long chunkIndex) => _current.First(objectHash, chunkIndex);

    /// <summary>Fills <paramref name="ranked"/> with the chunk's owner and its stand-ins, in order; returns how many there are.</summary>
    /// <param name="objectHash">The object's hash.</param>
    /// <param name="chunkIndex">The chunk's index in the object.</param>
    /// <param name="ranked">As long as the number of members wanted. Entries without a member are left unchanged.</param>
    public int Rank(Hash128 objectHash, long chunkIndex, Span<Member> ranked) => _current.Rank(objectHash, chunkIndex, ranked);

    /// <summary>Returns the chunk's owner in the previous membership; null if it still owns the chunk, or if there was none.</summary>
    /// <remarks>
    /// The result may be a departed member: on a graceful stop a member leaves first and keeps answering while it drains, which is when its chunks
    /// are needed. <see cref="WithoutDeparted"/> ends that.
    /// </remarks>
    public Member? FormerOwnerOf(Hash128 objectHash, long chunkIndex)
    {
        if (_previous?.First(objectHash, chunkIndex) is not { } before || before.Id == _current.First(objectHash, chunkIndex)?.Id)
        {
            return null;
        }

        return Epoch.Find(before.Id) ?? (_departedAnswer ? before : null);
    }

    /// <summary>Returns the map after a membership change.</summary>
    /// <remarks>
    /// If ids and weights are unchanged (for example, a member restarted), no chunk moves, and the previous membership stays the same.
    /// </remarks>
    public OwnerMap Next(Epoch epoch) => epoch.Number == Epoch.Number
        ? new OwnerMap(epoch, new RendezvousHash(epoch), PreviousEpoch, _previous, _departedAnswer)
        : new OwnerMap(epoch, new RendezvousHash(epoch), Epoch, _current, departedAnswer: true);

    /// <summary>Returns the same map without departed members among the former owners, once their time to drain is over.</summary>
    public OwnerMap WithoutDeparted() => new(Epoch, _current, PreviousEpoch, _previous, departedAnswer: false);
}
