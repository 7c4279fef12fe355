using Microsoft.IdentityModel.Tokens;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The keys that sign bearer tokens, from a JSON Web Key Set (RFC 7517). Immutable.</summary>
internal sealed class BearerKeys
{
    // A token that names no key is tried with each of them.
    private const int Most = 32;

    private BearerKeys(IReadOnlyList<SecurityKey> keys, string? issuer) => (Keys, Issuer) = (keys, issuer);

    public IReadOnlyList<SecurityKey> Keys { get; }

    /// <summary>The issuer that uses the keys, if their source says so.</summary>
    public string? Issuer { get; }

    /// <summary>Reads a key set.</summary>
    /// <exception cref="FormatException">The text is no key set, or has no key that signs. The message contains no key.</exception>
    public static BearerKeys Parse(string json) => Parse(json, issuer: null);

    /// <inheritdoc cref="Parse(string)"/>
    public static BearerKeys Parse(string json, string? issuer)
    {
        try
        {
            var keys = new JsonWebKeySet(json).GetSigningKeys();
            return keys.Count is > 0 and <= Most
                ? new BearerKeys([.. keys], issuer)
                : throw new FormatException($"has {keys.Count} keys for signatures: takes 1 to {Most}");
        }
        catch (Exception error) when (error is ArgumentException or System.Text.Json.JsonException or SecurityTokenException)
        {
            throw new FormatException("is not a JSON Web Key Set such as {\"keys\":[…]}");
        }
    }
}
