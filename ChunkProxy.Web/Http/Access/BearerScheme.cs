namespace ChunkProxy.Web.Http.Access;

/// <summary>The scheme of the <c>Authorization</c> field in which clients send tokens and keys (RFC 6750 §2.1).</summary>
internal static class BearerScheme
{
    /// <summary>The challenge (<c>WWW-Authenticate</c>) of a response to a request without a valid token or key.</summary>
    public const string Challenge = "Bearer realm=\"chunkproxy\"";

    private const string Name = "Bearer ";

    /// <summary>Returns the token in a field; null if the field is of another scheme.</summary>
    public static string? TokenIn(string authorization) => // names of schemes are case-insensitive (RFC 9110 §11.1)
        authorization.StartsWith(Name, StringComparison.OrdinalIgnoreCase) ? authorization[Name.Length..].Trim() : null;
}
