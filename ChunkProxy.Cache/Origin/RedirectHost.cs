using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Origin;

/// <summary>A host to which the origin may redirect: <c>host</c>, or <c>*.domain</c> for all hosts below the domain, with or without a port.</summary>
/// <param name="Host">Name or IP address, IPv6 without brackets, or <c>*.domain</c>.</param>
/// <param name="Port">0: the default port of the scheme.</param>
internal readonly record struct RedirectHost(string Host, int Port)
{
    /// <summary>Expected form, for error messages.</summary>
    public const string Expected = "host, [IPv6] or *.domain, with or without :port";

    public static bool TryParse(string text, out RedirectHost parsed)
    {
        var wildcard = HostWildcard.Is(text) ? "*." : "";
        var named = text[wildcard.Length..];
        parsed = default;
        if (named.Any(char.IsWhiteSpace)
            || !(HostPort.TryParse(named, out var address) ? address.Port > 0 : HostPort.TryParse($"{named}:0", out address))
            || address.IsEveryAddress
            || !Uri.TryCreate($"http://{address}/", UriKind.Absolute, out var url)
            || (wildcard.Length > 0 && url.HostNameType is not UriHostNameType.Dns))
        {
            return false;
        }

        try
        {
            parsed = new RedirectHost(wildcard + url.IdnHost, address.Port);
            return true;
        }
        catch (UriFormatException)
        {
            return false; // a label that is too long in its ASCII form
        }
    }

    /// <exception cref="FormatException">The text is not a host; see <see cref="Expected"/>.</exception>
    public static RedirectHost Parse(string text) => TryParse(text, out var parsed) ? parsed : throw new FormatException($"'{text}' is not {Expected}.");

    /// <summary>Returns whether a URL leads to this host.</summary>
    public bool Names(Uri url) => (Port == 0 ? url.IsDefaultPort : url.Port == Port) && HostWildcard.Matches(Host, url.IdnHost);
}
