using System.Security.Cryptography;
using System.Text;

namespace ChunkProxy.FunctionalTests.Leaks;

/// <summary>How an object with a query is shown, by the documented rule: the path, and the first six digits of the SHA-256 of the query with a zero byte behind it.</summary>
internal static class ShownForm
{
    public static string Of(string pathAndQuery)
    {
        var query = pathAndQuery.IndexOf('?', StringComparison.Ordinal);
        return $"{pathAndQuery[..query]}?…#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pathAndQuery[query..] + "\0")))[..6]}";
    }
}
