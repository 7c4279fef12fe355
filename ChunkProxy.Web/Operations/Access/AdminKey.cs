using ChunkProxy.Cache.Security;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>The secret that actions require. During a key change the file may contain several, one per line.</summary>
internal sealed class AdminKey(IOptions<AdminOptions> options)
{
    private const string Scheme = "Bearer ";

    private readonly IReadOnlyList<SharedSecret> _secrets = SharedSecret.ReadAll(options.Value.AdminKey, options.Value.AdminKeyFile);

    /// <summary>Whether a key is configured.</summary>
    public bool IsSet => _secrets.Count > 0;

    /// <summary>Returns whether an <c>Authorization</c> field contains the key (RFC 6750 §2.1).</summary>
    public bool IsIn(string? authorization)
    {
        // Scheme names are case-insensitive (RFC 9110 §11.1).
        if (authorization is null || !authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var candidate = authorization.AsSpan(Scheme.Length).Trim().ToString();
        return _secrets.Any(secret => secret.Matches(candidate));
    }
}
