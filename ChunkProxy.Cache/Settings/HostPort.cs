using System.Globalization;
using System.Net;

namespace ChunkProxy.Cache.Settings;

/// <summary>A host and a port, as people write them: <c>:8080</c>, <c>127.0.0.1:0</c>, <c>[::1]:80</c>, <c>cache-1.example:7070</c>.</summary>
/// <param name="Host">An address or a name, IPv6 without its brackets; empty: every address of the machine.</param>
/// <param name="Port">0, to listen: a free one, chosen when listening begins.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>What a message says when a text is not an address to listen on.</summary>
    public const string Expected = "an address and port such as :8080 (every address), 127.0.0.1:8080, [::1]:8080 or localhost:8080";

    /// <summary>No host is named: every address of the machine, IPv4 and IPv6.</summary>
    public bool IsEveryAddress => Host.Length == 0;

    /// <summary>To listen on, and not to be reached at: also <c>0.0.0.0</c> and <c>::</c>.</summary>
    public bool IsWildcard => IsEveryAddress || (Address is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    /// <summary>Another process can be told to connect there.</summary>
    public bool IsReachable => !IsWildcard && Port != 0;

    /// <summary>The address, where <see cref="Host"/> is one and not a name.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    /// <summary>The one form that makes equal addresses equal texts, for ids of members.</summary>
    /// <remarks>
    /// Names in lower case without a trailing dot; <c>localhost</c> as <c>127.0.0.1</c>; IP addresses as .NET writes them. Names are not resolved: what they
    /// resolve to may differ between members, and ids must not.
    /// </remarks>
    public HostPort Normal
    {
        get
        {
            var name = Host.TrimEnd('.').ToLowerInvariant();
            return this with { Host = Address?.ToString() ?? (name == "localhost" ? "127.0.0.1" : name) };
        }
    }

    public static bool TryParse(ReadOnlySpan<char> text, out HostPort parsed)
    {
        parsed = default;
        text = text.Trim();
        var colon = text.LastIndexOf(':');
        if (colon < 0
            || !ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !TryParseHost(text[..colon], out var host))
        {
            return false;
        }

        parsed = new HostPort(host, port);
        return true;
    }

    /// <exception cref="FormatException">The text is none; see <see cref="Expected"/>.</exception>
    public static HostPort Parse(string text) =>
        TryParse(text, out var parsed) ? parsed : throw new FormatException($"'{text}' is not {Expected}.");

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
