using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The hosts of a route: one, all below a domain, or all. In lower case.</summary>
/// <remarks>A class: queries over structures are compiled at start for each of them, which costs more than the table itself.</remarks>
/// <param name="Text">The host; <c>*.films.example</c>; or empty for all.</param>
internal sealed record HostPattern(string Text)
{
    /// <summary>Every host, and requests without one.</summary>
    public static HostPattern Any { get; } = new("");

    private static readonly IdnMapping Names = new();

    /// <summary>Whether it is for one host only.</summary>
    public bool IsOne => Text.Length > 0 && !IsWildcard;

    private bool IsWildcard => HostWildcard.Is(Text);

    /// <summary>Orders the patterns that match a host: a host first, then domains from long to short, then any.</summary>
    public int Precision => Text.Length == 0 ? 0 : IsWildcard ? Text.Length : int.MaxValue;

    /// <summary>Returns the hosts of a route as it is configured.</summary>
    /// <exception cref="FormatException">One is invalid.</exception>
    public static IReadOnlyList<HostPattern> Of(RouteOptions options) => SettingText.ListOf(options.Hosts) is { Length: > 0 } hosts
        ? [.. hosts.Select(static host => TryParse(host, out var pattern) ? pattern : throw new FormatException(host))]
        : [Any];

    /// <summary>Parses a host or <c>*.domain</c>. Names are converted to the form in which clients send them (IDNA).</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HostPattern? pattern)
    {
        var isWildcard = HostWildcard.Is(text);
        var host = (isWildcard ? text[2..] : text).TrimEnd('.');
        pattern = null;
        switch (Uri.CheckHostName(host))
        {
            case UriHostNameType.Dns when TryToAscii(host, out var name):
                pattern = new HostPattern(isWildcard ? $"*.{name}" : name);
                return true;
            case UriHostNameType.IPv4 or UriHostNameType.IPv6 when !isWildcard:
                pattern = new HostPattern(IPAddress.Parse(host.Trim('[', ']')).ToString());
                return true;
            default:
                return false;
        }
    }

    private static bool TryToAscii(string host, out string name)
    {
        try
        {
            name = Names.GetAscii(host).ToLowerInvariant();
            return true;
        }
        catch (ArgumentException)
        {
            name = "";
            return false;
        }
    }

    /// <summary>Returns whether the pattern is for all hosts of the other one.</summary>
    public bool Covers(HostPattern other) =>
        Text.Length == 0 || Text == other.Text || (IsWildcard && HostWildcard.Matches(Text, other.Text));

    /// <summary>Returns whether the pattern is for a host, without a port.</summary>
    public bool Matches(ReadOnlySpan<char> host) =>
        Text.Length == 0 || HostWildcard.Matches(Text, host);

    public override string ToString() => Text.Length == 0 ? "any host" : Text;
}
