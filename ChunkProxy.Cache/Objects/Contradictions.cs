using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Objects;

/// <summary>Versions that reads found to be outdated at the origin, by object: the latest ones, in bounded memory.</summary>
/// <remarks>
/// Members that are asked for the current version are informed, for they may not
/// have noticed yet. A forgotten entry returns with the next read that fails.
/// </remarks>
internal sealed class Contradictions
{
    /// <summary>Maximum characters of all tokens: about 8 MiB of memory with their overhead.</summary>
    public const int MostCharacters = 2 * 1024 * 1024;

    // Cost of an entry besides its token, in characters.
    private const int Overhead = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<Hash128, LinkedListNode<(Hash128 Object, string Token)>> _byObject = []; // under _gate
    private readonly LinkedList<(Hash128 Object, string Token)> _oldestFirst = []; // under _gate
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
            return null; // the usual case
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

    private void RemoveUnderLock(Hash128 id)
    {
        if (_byObject.Remove(id, out var node))
        {
            _oldestFirst.Remove(node);
            _characters -= node.Value.Token.Length + Overhead;
        }
    }
}
