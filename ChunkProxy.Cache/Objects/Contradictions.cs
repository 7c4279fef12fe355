using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Objects;

/// <summary>Versions that a read found to be the origin's no more, by object: the latest ones, in bounded memory.</summary>
/// <remarks>The members that are asked for the current version are told of it, for they may not have noticed yet. What is forgotten here is noticed again by the next read that fails.</remarks>
internal sealed class Contradictions
{
    /// <summary>Characters of all tokens together: some 8 MiB of memory with what belongs to them.</summary>
    public const int MostCharacters = 2 * 1024 * 1024;

    // What an entry costs besides its token, in characters.
    private const int Overhead = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, LinkedListNode<(UInt128 Object, string Token)>> _byObject = []; // under _gate
    private readonly LinkedList<(UInt128 Object, string Token)> _oldestFirst = []; // under _gate
    private long _characters; // under _gate
    private volatile bool _isEmpty = true;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _byObject.Count;
            }
        }
    }

    public string? TokenOf(ObjectId id)
    {
        if (_isEmpty)
        {
            return null; // nearly always
        }

        lock (_gate)
        {
            return _byObject.TryGetValue(id.Hash, out var node) ? node.Value.Token : null;
        }
    }

    public void Add(ObjectId id, string token)
    {
        lock (_gate)
        {
            RemoveUnderLock(id.Hash);
            _byObject[id.Hash] = _oldestFirst.AddLast((id.Hash, token));
            _characters += token.Length + Overhead;
            while (_characters > MostCharacters)
            {
                RemoveUnderLock(_oldestFirst.First!.Value.Object);
            }

            _isEmpty = _byObject.Count == 0;
        }
    }

    public void Remove(ObjectId id)
    {
        if (_isEmpty)
        {
            return;
        }

        lock (_gate)
        {
            RemoveUnderLock(id.Hash);
            _isEmpty = _byObject.Count == 0;
        }
    }

    private void RemoveUnderLock(UInt128 id)
    {
        if (_byObject.Remove(id, out var node))
        {
            _oldestFirst.Remove(node);
            _characters -= node.Value.Token.Length + Overhead;
        }
    }
}
