namespace ChunkProxy.Cache.Ownership;

/// <summary>Names, for every chunk, the member that owns it, those that stand in for it, and the one that owned it before.</summary>
/// <remarks>
/// A map never changes. A change of membership makes a new map, and a request keeps the map it started with.
/// Processes that see the same members have equal maps, in whatever order they saw them, so ownership is
/// computed and never asked for. It does not depend on the object's version: it is known before the version is.
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

    /// <summary>The map of no members.</summary>
    public static OwnerMap Empty { get; } = new(Epoch.Empty);

    public Epoch Epoch { get; }

    /// <summary>The membership before; null for the first.</summary>
    public Epoch? PreviousEpoch { get; }

    /// <summary>Returns the chunk's owner; null if there are no members.</summary>
    public Member? OwnerOf(UInt128 objectHash, long chunkIndex) => _current.First(objectHash, chunkIndex);

    /// <summary>Fills <paramref name="ranked"/> with the chunk's owner, its first stand-in, its second and so on; returns how many there are.</summary>
    /// <param name="objectHash">The object's hash.</param>
    /// <param name="chunkIndex">The chunk's number in the object.</param>
    /// <param name="ranked">As long as the number of members wanted; what there are too few members for is left as it is.</param>
    public int Rank(UInt128 objectHash, long chunkIndex, Span<Member> ranked) => _current.Rank(objectHash, chunkIndex, ranked);

    /// <summary>Returns the member that owned the chunk in the membership before; null if that is its owner now, or there was none.</summary>
    /// <remarks>
    /// The answer may be a member that has departed: one that stops gracefully leaves the membership first and answers while it drains, which
    /// is when its chunks are wanted. <see cref="WithoutDeparted"/> ends that.
    /// </remarks>
    public Member? PreviousOwnerOf(UInt128 objectHash, long chunkIndex)
    {
        if (_previous?.First(objectHash, chunkIndex) is not { } before || before.Id == _current.First(objectHash, chunkIndex)?.Id)
        {
            return null;
        }

        return Epoch.Find(before.Id) ?? (_departedAnswer ? before : null);
    }

    /// <summary>Returns the map after a change of membership.</summary>
    /// <remarks>
    /// Where ids and weights are the same (a member restarted, say), no chunk moves, and the membership before stays what it was.
    /// </remarks>
    public OwnerMap Next(Epoch epoch) => epoch.Number == Epoch.Number
        ? new OwnerMap(epoch, new RendezvousHash(epoch), PreviousEpoch, _previous, _departedAnswer)
        : new OwnerMap(epoch, new RendezvousHash(epoch), Epoch, _current, departedAnswer: true);

    /// <summary>Returns the same map, but without members that have departed among the previous owners: their time to drain is over.</summary>
    public OwnerMap WithoutDeparted() => new(Epoch, _current, PreviousEpoch, _previous, departedAnswer: false);
}
