using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ChunkProxy.Web.Tests.Http.Access;

/// <summary>An issuer of JSON Web Tokens (RFC 7519) with one key, made here byte by byte.</summary>
internal sealed class TokenIssuer : IDisposable
{
    public const string Name = "https://login.test/";
    public const string Audience = "films";

    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private TokenIssuer(string keyId, RSA? rsa, ECDsa? ec) => (KeyId, _rsa, _ec) = (keyId, rsa, ec);

    public string KeyId { get; }

    /// <summary>The public key as JWK.</summary>
    public string Key => _rsa is not null
        ? $$"""{"kty":"RSA","use":"sig","alg":"RS256","kid":"{{KeyId}}","n":"{{Text(_rsa.ExportParameters(false).Modulus!)}}","e":"{{Text(_rsa.ExportParameters(false).Exponent!)}}"}"""
        : $$"""{"kty":"EC","use":"sig","crv":"P-256","kid":"{{KeyId}}","x":"{{Text(_ec!.ExportParameters(false).Q.X!)}}","y":"{{Text(_ec.ExportParameters(false).Q.Y!)}}"}""";

    private string Algorithm => _rsa is not null ? "RS256" : "ES256";

    public static TokenIssuer WithRsa(string keyId = "one") => new(keyId, RSA.Create(2048), null);

    public static TokenIssuer WithCurve(string keyId = "one") => new(keyId, null, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    public static string KeySetOf(params IEnumerable<TokenIssuer> issuers) => $$"""{"keys":[{{string.Join(',', issuers.Select(static issuer => issuer.Key))}}]}""";

    /// <summary>Returns the claims of a valid token.</summary>
    public static Dictionary<string, object> Claims(DateTimeOffset expires) => new() { ["iss"] = Name, ["aud"] = Audience, ["exp"] = expires.ToUnixTimeSeconds() };

    /// <summary>Returns a signed token.</summary>
    public string Sign(Dictionary<string, object> claims, string? algorithm = null, string? keyId = null)
    {
        var header = JsonSerializer.Serialize(new Dictionary<string, string> { ["alg"] = algorithm ?? Algorithm, ["typ"] = "JWT", ["kid"] = keyId ?? KeyId });
        var message = $"{Text(Encoding.UTF8.GetBytes(header))}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var bytes = Encoding.ASCII.GetBytes(message);
        var signature = algorithm switch
        {
            "none" => [],
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(Key), bytes), // with the public key as the secret
            _ => _rsa?.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ?? _ec!.SignData(bytes, HashAlgorithmName.SHA256),
        };
        return $"{message}.{Text(signature)}";
    }

    public void Dispose()
    {
        _rsa?.Dispose();
        _ec?.Dispose();
    }

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
