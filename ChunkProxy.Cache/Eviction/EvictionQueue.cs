namespace ChunkProxy.Cache.Eviction;

/// <summary>A linked list of entries from newest to oldest, with the links in the entries. Guarded by the policy's lock.</summary>
internal sealed class EvictionQueue<TNode, TNodes>(TNodes nodes, EvictionPlace place)
    where TNodes : IEvictionNodes<TNode>
{
    private TNode _newest = nodes.None;

    /// <summary>The oldest entry, or <see cref="IEvictionNodes{TNode}.None"/>.</summary>
    public TNode Oldest { get; private set; } = nodes.None;

    public long Bytes { get; private set; }

    public int Count { get; private set; }

    public void Push(TNode node)
    {
        nodes.SetPlace(node, place);
        nodes.SetOlder(node, _newest);
        nodes.SetNewer(node, nodes.None);
        if (nodes.IsNone(_newest))
        {
            Oldest = node;
        }
        else
        {
            nodes.SetNewer(_newest, node);
        }

        _newest = node;
        Bytes += nodes.SizeOf(node);
        Count++;
    }

    public void Take(TNode node)
    {
        var (older, newer) = (nodes.OlderOf(node), nodes.NewerOf(node));
        if (nodes.IsNone(newer))
        {
            _newest = older;
        }
        else
        {
            nodes.SetOlder(newer, older);
        }

        if (nodes.IsNone(older))
        {
            Oldest = newer;
        }
        else
        {
            nodes.SetNewer(older, newer);
        }

        nodes.SetPlace(node, EvictionPlace.None);
        nodes.SetOlder(node, nodes.None); // a reader that still holds the entry must not keep its neighbours alive
        nodes.SetNewer(node, nodes.None);
        Bytes -= nodes.SizeOf(node);
        Count--;
    }
}
