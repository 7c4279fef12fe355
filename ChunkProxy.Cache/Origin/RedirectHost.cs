using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Origin;

/// <summary>A host to which the origin may redirect: <c>host</c>, <c>host:port</c>, or <c>*.domain</c> for all hosts below the domain.</summary>
/// <param name="Host">Name or IP address, IPv6 without brackets, or <c>*.domain</c>.</param>
/// <param name="Port">0: the default port of the scheme.</param>
internal readonly record struct RedirectHost(string Host, int Port)
{
    /// <summary>Expected form, for error messages.</summary>
    public const string Expected = "host, host:port or *.domain";

    public static bool TryParse(string text, out RedirectHost parsed)
    {
        var wildcard = HostWildcard.Is(text) ? "*." : "";
        var named = text[wildcard.Length..];
        parsed = default;
        if (!(HostPort.TryParse(named, out var address) || HostPort.TryParse($"{named}:0", out address))
            || address.IsEveryAddress
            || !Uri.TryCreate($"http://{address}/", UriKind.Absolute, out var url))
        {
            return false;
        }

        parsed = new RedirectHost(wildcard + url.IdnHost, address.Port);
        return true;
    }

    /// <exception cref="FormatException">The text is not a host; see <see cref="Expected"/>.</exception>
    public static RedirectHost Parse(string text) => TryParse(text, out var parsed) ? parsed : throw new FormatException($"'{text}' is not {Expected}.");

    /// <summary>Returns whether a URL leads to this host.</summary>
    public bool Names(Uri url) => (Port == 0 ? url.IsDefaultPort : url.Port == Port) && HostWildcard.Matches(Host, url.IdnHost);
}
