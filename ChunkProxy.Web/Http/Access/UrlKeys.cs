using System.Text;
using ChunkProxy.Cache.Security;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The keys of signed URLs, in the order of their file. Immutable.</summary>
internal sealed class UrlKeys
{
    private const int Shortest = 16;
    private const int Most = 8;

    private readonly MacKeys _keys;

    private UrlKeys(IEnumerable<string> keys) => _keys = new MacKeys([.. keys.Select(key => new MacKey(Encoding.UTF8.GetBytes(key)))]);

    /// <summary>Reads keys, one per line, trimmed.</summary>
    /// <exception cref="FormatException">There is no key, there are too many, or one is too short.</exception>
    public static UrlKeys Parse(string text)
    {
        var keys = text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return keys.Length is > 0 and <= Most && keys.All(key => key.Length >= Shortest)
            ? new UrlKeys(keys)
            : throw new FormatException($"takes 1 to {Most} keys, one per line, each of at least {Shortest} characters");
    }

    /// <summary>Returns the MAC with the first key.</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => _keys.Current.Sign(message);

    /// <summary>Returns whether one of the keys made the MAC. Compares in constant time.</summary>
    public bool Accept(ReadOnlySpan<byte> message, ReadOnlySpan<byte> mac) => _keys.IndexOf(message, mac) != MacKeys.None;
}
