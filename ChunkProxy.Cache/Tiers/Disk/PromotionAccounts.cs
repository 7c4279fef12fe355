using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Accounts of the chunks that were recently read from disk. A chunk whose account was dropped starts anew. Not thread-safe.</summary>
/// <remarks>Two generations: when the younger is full, it becomes the older, and the older one is dropped. A read moves an account to the younger.</remarks>
/// <param name="limit">Most accounts in a generation.</param>
internal sealed class PromotionAccounts(int limit)
{
    private Dictionary<ChunkKey, PromotionAccount> _young = [];
    private Dictionary<ChunkKey, PromotionAccount> _old = [];

    public ref PromotionAccount Of(ChunkKey key)
    {
        ref var account = ref CollectionsMarshal.GetValueRefOrNullRef(_young, key);
        if (!Unsafe.IsNullRef(ref account))
        {
            return ref account;
        }

        if (_young.Count >= limit)
        {
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _old.Remove(key, out var known);
        account = ref CollectionsMarshal.GetValueRefOrAddDefault(_young, key, out _);
        account = known;
        return ref account;
    }

    public void Remove(ChunkKey key)
    {
        _young.Remove(key);
        _old.Remove(key);
    }

    public void Clear()
    {
        _young.Clear();
        _old.Clear();
    }
}
