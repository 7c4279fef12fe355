namespace ChunkProxy.Cache.Security;

/// <summary>The keys of a cluster. The first secret proves; every one is accepted, so that a secret can be replaced while the cluster runs.</summary>
/// <param name="secrets">None: nothing is proved, and everyone is believed.</param>
internal sealed class KeyRing(IReadOnlyList<SharedSecret> secrets)
{
    public static KeyRing Empty { get; } = new([]);

    public bool IsEmpty => secrets.Count == 0;

    /// <summary>Returns the keys for a purpose, in the order of the secrets; null without a secret.</summary>
    public MacKeys? KeysFor(string purpose) => IsEmpty ? null : new MacKeys([.. secrets.Select(secret => secret.KeyFor(purpose))]);
}
