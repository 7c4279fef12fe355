namespace ChunkProxy.Cache.Concurrency;

/// <summary>A small lock-free cache for values that can be created again.</summary>
/// <remarks>
/// Each key has one slot. A slot holds one immutable entry, replaced as a whole, so a reader sees the old entry or the new one. Hashes of
/// strings are seeded per process, so clients cannot choose a slot. The number of slots bounds the cache; callers must not store long keys.
/// </remarks>
internal sealed class DirectMapped<TKey, TValue>
    where TKey : notnull, IEquatable<TKey>
    where TValue : class
{
    private const int Slots = 1024; // a power of two

    private readonly Entry?[] _entries = new Entry?[Slots];

    /// <summary>Returns the value last stored under the key; null if there is none.</summary>
    public TValue? Find(TKey key) =>
        Volatile.Read(ref _entries[SlotOf(key)]) is { } entry && entry.Key.Equals(key) ? entry.Value : null;

    public void Keep(TKey key, TValue value) => Volatile.Write(ref _entries[SlotOf(key)], new Entry(key, value));

    private static int SlotOf(TKey key) => key.GetHashCode() & (Slots - 1);

    private sealed class Entry(TKey key, TValue value)
    {
        public readonly TKey Key = key;
        public readonly TValue Value = value;
    }
}
