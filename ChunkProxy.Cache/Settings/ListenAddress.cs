using System.Globalization;
using System.Net;

namespace ChunkProxy.Cache.Settings;

/// <summary>Where to listen, as people write it: <c>:8080</c>, <c>127.0.0.1:0</c>, <c>[::1]:80</c>, <c>localhost:80</c>.</summary>
/// <param name="Host">An address or a name, IPv6 without its brackets; empty: every address of the machine.</param>
/// <param name="Port">0: a free one, chosen when listening begins.</param>
public readonly record struct ListenAddress(string Host, int Port)
{
    /// <summary>What a message says when a text is no address to listen on.</summary>
    public const string Expected = "an address and port such as :8080 (every address), 127.0.0.1:8080, [::1]:8080 or localhost:8080";

    public bool IsEveryAddress => Host.Length == 0;

    /// <summary>The address, where <see cref="Host"/> is one and not a name.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    public static bool TryParse(ReadOnlySpan<char> text, out ListenAddress address)
    {
        address = default;
        text = text.Trim();
        var colon = text.LastIndexOf(':');
        if (colon < 0
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !TryParseHost(text[..colon], out var host))
        {
            return false;
        }

        address = new ListenAddress(host, port);
        return true;
    }

    /// <exception cref="FormatException">The text is none; see <see cref="Expected"/>.</exception>
    public static ListenAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not {Expected}.");

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static bool TryParseHost(ReadOnlySpan<char> text, out string host)
    {
        // An IPv6 address must have its brackets: without them its last group could be a port.
        var bracketed = text is ['[', _, .., ']'];
        host = (bracketed ? text[1..^1] : text).ToString();
        var kind = Uri.CheckHostName(host);
        return host.Length == 0 || (bracketed ? kind == UriHostNameType.IPv6 : kind is UriHostNameType.IPv4 or UriHostNameType.Dns);
    }
}
