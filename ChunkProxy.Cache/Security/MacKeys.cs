namespace ChunkProxy.Cache.Security;

/// <summary>The keys of a cluster for one purpose.</summary>
/// <param name="keys">In the order of the cluster's secrets; at least one.</param>
internal sealed class MacKeys(IReadOnlyList<MacKey> keys)
{
    /// <summary>Of <see cref="IndexOf"/>: no key accepts the MAC.</summary>
    public const int None = -1;

    /// <summary>The key that proves.</summary>
    public MacKey Current => keys[0];

    public int Count => keys.Count;

    public MacKey this[int index] => keys[index];

    /// <summary>Returns which key made the MAC, or <see cref="None"/>.</summary>
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
