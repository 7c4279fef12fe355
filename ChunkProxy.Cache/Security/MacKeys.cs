namespace ChunkProxy.Cache.Security;

/// <summary>Keys of a cluster for one purpose.</summary>
/// <param name="keys">In the order of the cluster's secrets. At least one.</param>
internal sealed class MacKeys(IReadOnlyList<MacKey> keys)
{
    private IReadOnlyList<MacKey> _keys = keys; // replaced as a whole

    /// <summary>Result of <see cref="IndexOf"/> when no key accepts the MAC.</summary>
    public const int None = -1;

    /// <summary>The key that signs.</summary>
    public MacKey Current => Volatile.Read(ref _keys)[0];

    public int Count => Volatile.Read(ref _keys).Count;

    /// <summary>Returns one of the keys; the last one if there are fewer since a replacement.</summary>
    public MacKey this[int index] => Volatile.Read(ref _keys) is var keys && index < keys.Count ? keys[index] : keys[^1];

    /// <summary>Returns the index of the key that made the MAC, or <see cref="None"/>.</summary>
    public int IndexOf(ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        var keys = Volatile.Read(ref _keys);
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Accepts(message, mac))
            {
                return i;
            }
        }

        return None;
    }

    /// <summary>Replaces the keys.</summary>
    internal void Replace(IReadOnlyList<MacKey> replacement) => Volatile.Write(ref _keys, replacement);
}
