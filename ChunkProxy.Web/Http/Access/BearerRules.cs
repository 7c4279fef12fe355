using ChunkProxy.Cache.Settings;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ChunkProxy.Web.Http.Access;

/// <summary>What a bearer token must be like. Immutable; the keys and the time are parameters.</summary>
internal sealed class BearerRules(AccessOptions options)
{
    /// <summary>Longest token, in characters.</summary>
    public const int LongestToken = 16 * 1024;

    /// <summary>How far the clocks of issuer and proxy may differ.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.HmacSha256, SecurityAlgorithms.HmacSha384, SecurityAlgorithms.HmacSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestToken };
    private readonly string? _issuer = string.IsNullOrEmpty(options.BearerIssuer) ? null : options.BearerIssuer;
    private readonly string[] _audiences = SettingText.ListOf(options.BearerAudience);
    private readonly string[] _scopes = SettingText.ListOf(options.BearerScope);
    private readonly (string Name, string Value)[] _claims = ClaimsIn(options.BearerClaims);

    /// <summary>Returns the verdict on a token, and when it expires if it is admitted.</summary>
    public async Task<(AccessVerdict Verdict, DateTimeOffset Until)> JudgeAsync(string token, BearerKeys keys, DateTimeOffset now)
    {
        if (token.Length is 0 or > LongestToken)
        {
            return (AccessVerdict.MalformedToken, default);
        }

        var result = await _handler.ValidateTokenAsync(token, ParametersOf(keys, now)).ConfigureAwait(false);
        return !result.IsValid ? (VerdictOf(result.Exception), default)
            : result.SecurityToken is JsonWebToken admitted && Has(admitted) ? (AccessVerdict.Admitted, new DateTimeOffset(admitted.ValidTo, TimeSpan.Zero))
            : (AccessVerdict.TokenLacksScope, default);
    }

    /// <summary>Reads a list of claims <c>name=value</c>.</summary>
    /// <exception cref="FormatException">An entry is invalid.</exception>
    public static (string Name, string Value)[] ClaimsIn(string? list) =>
        [.. SettingText.ListOf(list).Select(static entry => entry.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && equals < entry.Length - 1
            ? (entry[..equals], entry[(equals + 1)..])
            : throw new FormatException($"'{entry}' is not a claim name=value"))];

    private TokenValidationParameters ParametersOf(BearerKeys keys, DateTimeOffset now) => new()
    {
        IssuerSigningKeys = keys.Keys,
        ValidIssuer = _issuer ?? keys.Issuer,
        ValidAudiences = _audiences,
        ValidAlgorithms = Algorithms,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        LifetimeValidator = (notBefore, expires, _, _) => // sums of the token's times could overflow
            expires is { } end && (now - Tolerance).UtcDateTime < end && (notBefore is not { } start || start <= (now + Tolerance).UtcDateTime),
    };

    private bool Has(JsonWebToken token)
    {
        if (_scopes.Length > 0)
        {
            var granted = ValuesOf(token, "scope").Concat(ValuesOf(token, "scp")).SelectMany(static scopes => scopes.Split(' ')).ToHashSet(StringComparer.Ordinal);
            if (!_scopes.All(granted.Contains))
            {
                return false;
            }
        }

        return _claims.All(claim => ValuesOf(token, claim.Name).Contains(claim.Value));
    }

    // A claim that is an array has several values.
    private static IEnumerable<string> ValuesOf(JsonWebToken token, string name) =>
        token.Claims.Where(claim => claim.Type.Equals(name, StringComparison.Ordinal)).Select(static claim => claim.Value);

    private static AccessVerdict VerdictOf(Exception fault) => fault switch
    {
        SecurityTokenInvalidLifetimeException or SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenNoExpirationException => AccessVerdict.TokenExpired,
        SecurityTokenInvalidIssuerException => AccessVerdict.TokenOfOtherIssuer,
        SecurityTokenInvalidAudienceException => AccessVerdict.TokenForOtherAudience,
        SecurityTokenInvalidSignatureException or SecurityTokenInvalidSigningKeyException or SecurityTokenInvalidAlgorithmException => AccessVerdict.TokenSignedByOther,
        SecurityTokenMalformedException => AccessVerdict.MalformedToken,
        _ => AccessVerdict.InvalidToken,
    };
}
