using System.Globalization;
using System.Net;

namespace ChunkProxy.Cache.Settings;

/// <summary>A host and a port: <c>:8080</c>, <c>127.0.0.1:0</c>, <c>[::1]:80</c>, <c>cache-1.example:7070</c>.</summary>
/// <param name="Host">IP address or name, IPv6 without brackets. Empty: all addresses of the machine.</param>
/// <param name="Port">When listening, 0 selects a free port.</param>
public readonly record struct HostPort(string Host, int Port)
{
    /// <summary>Expected form of an address to listen on, for error messages.</summary>
    public const string Expected = "an address and port such as :8080 (every address), 127.0.0.1:8080, [::1]:8080 or localhost:8080";

    /// <summary>Whether the host is empty: all addresses of the machine, IPv4 and IPv6.</summary>
    public bool IsEveryAddress => Host.Length == 0;

    /// <summary>Whether this is an address to listen on only: no host, <c>0.0.0.0</c> or <c>::</c>.</summary>
    public bool IsWildcard => IsEveryAddress || (Address is { } address && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    /// <summary>Whether other processes can connect to this address.</summary>
    public bool IsReachable => !IsWildcard && Port != 0;

    /// <summary>The IP address, or null when <see cref="Host"/> is a name.</summary>
    public IPAddress? Address => IPAddress.TryParse(Host, out var address) ? address : null;

    /// <summary>Canonical form, for ids of members: equal addresses have equal texts.</summary>
    /// <remarks>
    /// Names are in lower case without a trailing dot; <c>localhost</c> becomes <c>127.0.0.1</c>; IP addresses are formatted by .NET. Names are not
    /// resolved, because the result may differ between members and ids must not.
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

    /// <exception cref="FormatException">The text is not an address; see <see cref="Expected"/>.</exception>
    public static HostPort Parse(string text) =>
        TryParse(text, out var parsed) ? parsed : throw new FormatException($"'{text}' is not {Expected}.");

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");

    private static bool TryParseHost(ReadOnlySpan<char> text, out string host)
    {
        // IPv6 addresses require brackets: otherwise the last group could be a port.
        var bracketed = text is ['[', _, .., ']'];
        host = (bracketed ? text[1..^1] : text).ToString();
        var kind = Uri.CheckHostName(host);
        return host.Length == 0 || (bracketed ? kind == UriHostNameType.IPv6 : kind is UriHostNameType.IPv4 or UriHostNameType.Dns);
    }
}
