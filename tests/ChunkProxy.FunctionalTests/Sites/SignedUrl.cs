using System.Security.Cryptography;
using System.Text;

namespace ChunkProxy.FunctionalTests.Sites;

/// <summary>Signed URLs as docs/access.md describes the scheme, without a run of <c>chunkproxy sign</c>.</summary>
internal static class SignedUrl
{
    /// <summary>Returns the query that signs one path.</summary>
    /// <param name="key">The key.</param>
    /// <param name="path">The path.</param>
    /// <param name="hours">Hours until it expires; it has expired if they are negative.</param>
    public static string Sign(string key, string path, int hours)
    {
        var expires = TimeProvider.System.GetUtcNow().AddHours(hours).ToUnixTimeSeconds();
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"chunkproxy-url-1\npath\n{path}\n{expires}"));
        return $"cp-expires={expires}&cp-signature={Convert.ToBase64String(mac).TrimEnd('=').Replace('+', '-').Replace('/', '_')}";
    }
}
