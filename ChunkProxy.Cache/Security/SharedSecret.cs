using System.Security.Cryptography;
using System.Text;

namespace ChunkProxy.Cache.Security;

/// <summary>A secret shared by several processes. It never leaves the process: only MACs under keys derived from it do.</summary>
internal sealed class SharedSecret
{
    // Domain separation of the derivation (RFC 5869, salt of "extract"): the same text used elsewhere gives other keys.
    private static readonly byte[] Salt = "chunkproxy"u8.ToArray();

    private readonly byte[] _root; // HKDF's pseudorandom key
    private readonly byte[] _digest;

    public SharedSecret(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        var bytes = Encoding.UTF8.GetBytes(text);
        _root = HKDF.Extract(HashAlgorithmName.SHA256, bytes, Salt);
        _digest = SHA256.HashData(bytes);
    }

    /// <summary>Reads the secrets from a setting, or from the file that replaces it: one per line, trimmed.</summary>
    public static IReadOnlyList<SharedSecret> ReadAll(string? text, string? file) =>
        [.. TextsOf(text, file).Select(it => new SharedSecret(it))];

    /// <inheritdoc cref="ReadAll"/>
    /// <returns>The texts themselves, for validation.</returns>
    public static IReadOnlyList<string> TextsOf(string? text, string? file) => file is { Length: > 0 }
        ? File.ReadAllText(file).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        : string.IsNullOrEmpty(text) ? [] : [text];

    /// <summary>Returns the key for one purpose. The keys reveal neither each other nor the secret.</summary>
    public MacKey KeyFor(string purpose) => new(HKDF.Expand(HashAlgorithmName.SHA256, _root, MacKey.Size, Encoding.UTF8.GetBytes(purpose)));

    /// <summary>Compares digests, in constant time for any lengths.</summary>
    public bool Matches(string? candidate) =>
        candidate is not null && CryptographicOperations.FixedTimeEquals(_digest, SHA256.HashData(Encoding.UTF8.GetBytes(candidate)));
}
