namespace ChunkProxy.Cache.Security;

/// <summary>Keys of a cluster for one purpose.</summary>
/// <param name="keys">In the order of the cluster's secrets. At least one.</param>
internal sealed class MacKeys(IReadOnlyList<MacKey> keys)
{
    /// <summary>Result of <see cref="IndexOf"/> when no key accepts the MAC.</summary>
    public const int None = -1;

    /// <summary>The key that signs.</summary>
    public MacKey Current => keys[0];

    public int Count => keys.Count;

    public MacKey this[int index] => keys[index];

    /// <summary>Returns the index of the key that made the MAC, or <see cref="None"/>.</summary>
    public int IndexOf(ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac)
    {
        for (var i = 0; i < keys.Count; i++)
        {
            if (keys[i].Accepts(message, mac))
            {
                return i;
            }
        }

        return None;
    }
}
