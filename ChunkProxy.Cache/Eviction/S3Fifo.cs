namespace ChunkProxy.Cache.Eviction;

/// <summary>
/// S3-FIFO with adaptive shares: new entries start in a small queue. Those hit again move to the main queue, the others leave soon.
/// </summary>
/// <remarks>
/// After Yang et al., "FIFO queues are all you need for cache eviction", SOSP 2023: a scan passes through the small queue and does not affect
/// the main queue; a key that returns while its ghost is remembered goes directly to the main queue. The differences, with figures in
/// docs/performance-log.md:
/// <list type="bullet">
/// <item>While there is room, the small queue spills into the main queue, and
/// nothing is evicted: a loop longer than the cache keeps its first part.</item>
/// <item>The small queue's share adapts, as in ARC: returning ghosts of the small queue mean that it is too short, of the main queue too long.</item>
/// <item>An entry of the main queue gets one more round for its hits, however many, so it leaves once it is no longer popular.</item>
/// </list>
/// Not thread-safe: the owner has a lock.
/// </remarks>
/// <param name="nodes">Where the entries are.</param>
/// <param name="capacity">Bytes that the queues' shares are fractions of.</param>
internal sealed class S3Fifo<TNode, TNodes>(TNodes nodes, long capacity)
    where TNodes : IEvictionNodes<TNode>
{
    /// <summary>Hits that move a new entry to the main queue. One hit would admit too much that is read twice and never again.</summary>
    public const int Proof = 2;

    private const double FirstShare = 0.1;
    private const double LeastShare = 0.01;
    private const double MostShare = 0.9;
    private const double MainGhosts = 0.1;

    /// <summary>How far the share moves for each byte of a ghost that returns.</summary>
    private const double Step = 0.5;

    private readonly EvictionQueue<TNode, TNodes> _small = new(nodes, EvictionPlace.Small);
    private readonly EvictionQueue<TNode, TNodes> _main = new(nodes, EvictionPlace.Main);
    private readonly GhostQueue _smallGhosts = new((long)(capacity * (1 - FirstShare)));
    private readonly GhostQueue _mainGhosts = new((long)(capacity * MainGhosts));
    private double _share = capacity * FirstShare; // bytes
    private bool _filling = true;

    public long UsedBytes => _small.Bytes + _main.Bytes;

    public int Count => _small.Count + _main.Count;

    public void Add(TNode node)
    {
        var hash = nodes.HashOf(node);
        var size = nodes.SizeOf(node);
        if (_smallGhosts.Remove(hash))
        {
            Adapt(size, _mainGhosts.Bytes, _smallGhosts.Bytes);
            _main.Push(node);
        }
        else if (_mainGhosts.Remove(hash))
        {
            Adapt(-size, _smallGhosts.Bytes, _mainGhosts.Bytes);
            _main.Push(node);
        }
        else
        {
            _small.Push(node);
            FillMain();
        }
    }

    /// <summary>Removes an entry without remembering it. Returns false if it is in no queue.</summary>
    public bool Remove(TNode node)
    {
        if (nodes.PlaceOf(node) is EvictionPlace.None)
        {
            return false;
        }

        QueueOf(node).Take(node);
        _filling |= UsedBytes < capacity / 2; // after a purge
        return true;
    }

    /// <summary>Chooses the next victim and removes it; skips entries in use. Returns false if there is no other entry.</summary>
    public bool TryEvict(out TNode victim)
    {
        _filling = false;

        // Entries in use go back into their queue. The counts of visits end the search when all entries are in use. The main queue gets two
        // visits per entry, because an idle entry with hits leaves it only at the second visit.
        var smallLeft = _small.Count;
        var mainLeft = 2L * _main.Count;
        while (smallLeft > 0 || mainLeft > 0)
        {
            var fromSmall = smallLeft > 0 && (_small.Bytes > _share || mainLeft <= 0);
            var queue = fromSmall ? _small : _main;
            var node = queue.Oldest;
            queue.Take(node);
            if (nodes.IsInUse(node))
            {
                _ = fromSmall ? smallLeft-- : mainLeft--;
                queue.Push(node);
            }
            else if (nodes.HitsOf(node) >= (fromSmall ? Proof : 1))
            {
                if (fromSmall)
                {
                    smallLeft--;
                    mainLeft += 2;
                }

                nodes.ClearHits(node);
                _main.Push(node);
            }
            else
            {
                (fromSmall ? _smallGhosts : _mainGhosts).Add(nodes.HashOf(node), nodes.SizeOf(node));
                victim = node;
                return true;
            }
        }

        victim = nodes.None;
        return false;
    }

    private EvictionQueue<TNode, TNodes> QueueOf(TNode node) => nodes.PlaceOf(node) is EvictionPlace.Small ? _small : _main;

    /// <summary>
    /// Moves the share by the size of the returned entry, and by more if the other queue's ghosts outweigh this one's: a return then says more.
    /// </summary>
    private void Adapt(long size, long otherGhosts, long theseGhosts) =>
        _share = Math.Clamp(
            _share + (Step * size * Math.Max(1, (double)otherGhosts / Math.Max(1, theseGhosts))), capacity * LeastShare, capacity * MostShare);

    private void FillMain()
    {
        while (_filling && _small.Bytes > _share && _main.Bytes + nodes.SizeOf(_small.Oldest) <= capacity - _share)
        {
            var oldest = _small.Oldest;
            _small.Take(oldest);
            _main.Push(oldest);
        }
    }
}
