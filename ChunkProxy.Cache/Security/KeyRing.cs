namespace ChunkProxy.Cache.Security;

/// <summary>Keys of a cluster. The first secret signs; all secrets verify, so that a secret can be replaced while the cluster runs.</summary>
/// <param name="secrets">Empty: nothing is signed or verified.</param>
internal sealed class KeyRing(IReadOnlyList<SharedSecret> secrets)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, MacKeys> _keys = []; // by purpose; under _gate
    private IReadOnlyList<SharedSecret> _secrets = secrets; // under _gate

    /// <summary>Whether nothing is signed or verified. Does not change.</summary>
    public bool IsEmpty { get; } = secrets.Count == 0;

    /// <summary>Returns the keys for a purpose in the order of the secrets, or null without secrets.</summary>
    public MacKeys? KeysFor(string purpose)
    {
        if (IsEmpty)
        {
            return null;
        }

        lock (_gate)
        {
            if (!_keys.TryGetValue(purpose, out var keys))
            {
                _keys[purpose] = keys = new MacKeys(Derive(purpose));
            }

            return keys;
        }
    }

    /// <summary>Replaces the secrets. All keys that were returned change with them.</summary>
    /// <remarks>
    /// A request that is being checked at this moment may use the old key for one purpose and the new one for another. Its answer is then not
    /// proven, and the sender asks another member.
    /// </remarks>
    /// <param name="replacement">At least one secret.</param>
    /// <exception cref="InvalidOperationException">The ring is empty, or would be.</exception>
    public void Replace(IReadOnlyList<SharedSecret> replacement)
    {
        if (IsEmpty || replacement.Count == 0)
        {
            throw new InvalidOperationException("A pool without a key gets one at the start of the process only.");
        }

        lock (_gate)
        {
            _secrets = replacement;
            foreach (var (purpose, keys) in _keys)
            {
                keys.Replace(Derive(purpose));
            }
        }
    }

    private MacKey[] Derive(string purpose) => [.. _secrets.Select(secret => secret.KeyFor(purpose))];
}
