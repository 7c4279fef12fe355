using System.Diagnostics.CodeAnalysis;

namespace ChunkProxy.Cache.Concurrency;

/// <summary>A bounded queue in which keys take turns: each gets out its oldest item, then the next key follows. Not thread-safe.</summary>
/// <remarks>
/// A key may have as many items as there is room left for others. So one key takes half of the queue, n keys take an equal share of n/(n + 1), and a
/// new key finds room.
/// </remarks>
/// <param name="capacity">Most items of all keys.</param>
internal sealed class TurnQueue<TKey, TItem>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, Line> _lines = [];
    private readonly LinkedList<Line> _turns = []; // the lines that have items; the first is next

    public int Count { get; private set; }

    /// <summary>Adds an item at the end of the key's line. Returns false if the key has as many items as it may have.</summary>
    public bool TryAdd(TKey key, TItem item, [NotNullWhen(true)] out Ticket? ticket)
    {
        ticket = null;
        if (Count >= capacity || (_lines.TryGetValue(key, out var line) && line.Items.Count >= capacity - Count))
        {
            return false;
        }

        if (line is null)
        {
            _lines.Add(key, line = new Line(key));
            line.Turn = _turns.AddLast(line);
        }

        ticket = new Ticket(line, line.Items.AddLast(item));
        Count++;
        return true;
    }

    /// <summary>Takes the item whose turn it is.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TItem item)
    {
        if (_turns.First is not { } turn)
        {
            item = default;
            return false;
        }

        var line = turn.Value;
        item = line.Items.First!.Value;
        _turns.Remove(turn);
        _turns.AddLast(turn);
        Remove(line, line.Items.First);
        return true;
    }

    /// <summary>Removes an item. Returns false if it is no longer in the queue.</summary>
    public bool Remove(Ticket ticket)
    {
        if (ticket.Item.List is null)
        {
            return false;
        }

        Remove(ticket.Line, ticket.Item);
        return true;
    }

    private void Remove(Line line, LinkedListNode<TItem> item)
    {
        line.Items.Remove(item);
        Count--;
        if (line.Items.Count == 0)
        {
            _turns.Remove(line.Turn!);
            _lines.Remove(line.Key);
        }
    }

    /// <summary>The place of an item in the queue.</summary>
    internal sealed class Ticket(Line line, LinkedListNode<TItem> item)
    {
        public Line Line => line;

        public LinkedListNode<TItem> Item => item;
    }

    /// <summary>The items of one key.</summary>
    internal sealed class Line(TKey key)
    {
        public TKey Key => key;

        public LinkedList<TItem> Items { get; } = [];

        public LinkedListNode<Line>? Turn { get; set; }
    }
}
