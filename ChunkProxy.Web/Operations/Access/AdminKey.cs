using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>The secret that actions need, as no more than its digest.</summary>
internal sealed class AdminKey
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _digest;

    public AdminKey(IOptions<AdminOptions> options)
    {
        if (Read(options.Value) is { Length: > 0 } key)
        {
            _digest = DigestOf(key);
        }
    }

    /// <summary>There is one.</summary>
    public bool IsSet => _digest is not null;

    /// <summary>Returns the key that the settings give, from wherever they do; null: none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static string? Read(AdminOptions options) =>
        options.AdminKeyFile is { Length: > 0 } file ? File.ReadAllText(file).Trim() : options.AdminKey;

    /// <summary>Says whether an <c>Authorization</c> field carries the key (RFC 6750 §2.1). Compares in constant time, whatever the lengths: digests are compared.</summary>
    public bool IsIn(string? authorization) =>
        _digest is not null
        && authorization is not null
        && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) // names of schemes are case-insensitive (RFC 9110 §11.1)
        && CryptographicOperations.FixedTimeEquals(_digest, DigestOf(authorization.AsSpan(Scheme.Length).Trim()));

    private static byte[] DigestOf(ReadOnlySpan<char> key) => SHA256.HashData(Encoding.UTF8.GetBytes(key.ToArray()));
}
