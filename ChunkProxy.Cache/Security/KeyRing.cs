namespace ChunkProxy.Cache.Security;

/// <summary>Keys of a cluster. The first secret signs; all secrets verify, so that a secret can be replaced while the cluster runs.</summary>
/// <param name="secrets">Empty: nothing is signed or verified.</param>
internal sealed class KeyRing(IReadOnlyList<SharedSecret> secrets)
{
    public static KeyRing Empty { get; } = new([]);

    public bool IsEmpty => secrets.Count == 0;

    /// <summary>Returns the keys for a purpose in the order of the secrets, or null without secrets.</summary>
    public MacKeys? KeysFor(string purpose) => IsEmpty ? null : new MacKeys([.. secrets.Select(secret => secret.KeyFor(purpose))]);
}
