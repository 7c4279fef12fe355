using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace ChunkProxy.Cache.Ownership;

/// <summary>The address at which peers reach a member, in the one normal form that makes equal addresses equal ids.</summary>
/// <remarks>
/// Lower-case host without a trailing dot; <c>localhost</c> as <c>127.0.0.1</c>; IP addresses as .NET writes them, IPv6 in brackets. Names are not
/// resolved: what they resolve to may differ between members, and ids must not.
/// </remarks>
public readonly record struct PoolAddress
{
    private PoolAddress(string host, int port)
    {
        Host = host;
        Port = port;
    }

    /// <summary>Host name or IP address, IPv6 without brackets; empty for every address of this machine.</summary>
    public string Host { get; }

    public int Port { get; }

    /// <summary>True for <c>:7070</c>, <c>0.0.0.0:7070</c> and <c>[::]:7070</c>: fit to listen on, not to be reached at.</summary>
    public bool IsWildcard => Host.Length == 0;

    public string Id => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{PortText}" : $"{Host}:{PortText}";

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    public PoolAddress WithHost(string host) => Parse($"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{PortText}");

    /// <exception cref="FormatException">The text is not <c>host:port</c>.</exception>
    public static PoolAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not host:port.");

    /// <summary>Reads <c>host:port</c>, <c>[ipv6]:port</c> or <c>:port</c>; a scheme before it and a slash after it are passed over.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PoolAddress address)
    {
        address = default;
        var rest = WithoutScheme((text ?? "").Trim());
        var colon = rest.LastIndexOf(':');
        if (colon < 0
            || !int.TryParse(rest.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > IPEndPoint.MaxPort
            || NormalHost(rest[..colon]) is not { } host)
        {
            return false;
        }

        address = new PoolAddress(host, port);
        return true;
    }

    public override string ToString() => Id;

    private static string WithoutScheme(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0 ? text : text[(scheme + 3)..].TrimEnd('/');
    }

    private static string? NormalHost(string host)
    {
        if (host is "" or "*" or "+")
        {
            return "";
        }

        if (host is ['[', .. var inner, ']'] ? IPAddress.TryParse(inner, out var ip) : IPAddress.TryParse(host, out ip) && !host.Contains(':', StringComparison.Ordinal))
        {
            return ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) ? "" : ip.ToString();
        }

        var name = host.TrimEnd('.').ToLowerInvariant();
        return Uri.CheckHostName(name) != UriHostNameType.Dns ? null : name == "localhost" ? "127.0.0.1" : name;
    }
}
