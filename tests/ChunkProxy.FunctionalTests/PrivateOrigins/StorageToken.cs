using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ChunkProxy.FunctionalTests.PrivateOrigins;

/// <summary>A JSON Web Token with the claims of one for Azure Storage. Nobody can check its signature, and Azurite does not.</summary>
internal static class StorageToken
{
    /// <param name="lifetime">The time until it expires.</param>
    public static string Create(TimeSpan lifetime)
    {
        var now = TimeProvider.System.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["aud"] = "https://storage.azure.com",
            ["iss"] = "https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/",
            ["iat"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
            ["oid"] = "23657296-5cd5-45b0-a809-d972a7f4dfe1",
        };
        return $"{Text("""{"alg":"HS256","typ":"JWT"}"""u8)}.{Text(JsonSerializer.SerializeToUtf8Bytes(claims))}.{Text(RandomNumberGenerator.GetBytes(32))}";
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);
}
