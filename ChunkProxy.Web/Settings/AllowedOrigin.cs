using System.Buffers;

namespace ChunkProxy.Web.Settings;

/// <summary>An origin, or all subdomains of one, whose pages may read responses.</summary>
/// <param name="Start">The whole origin as browsers send it, or its part before the subdomain: <c>https://</c>.</param>
/// <param name="End">The part after the subdomain: <c>.site.example:8443</c>; null without a wildcard.</param>
internal readonly record struct AllowedOrigin(string Start, string? End)
{
    /// <summary>The expected form, for messages.</summary>
    public const string Expected = "*, or an origin such as https://site.example, http://localhost:3000 or https://*.site.example";

    private const string Wildcard = "*.";

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Parses an origin: scheme, host, and a port if it is not the scheme's default; no path.</summary>
    public static bool TryParse(string text, out AllowedOrigin origin)
    {
        origin = default;
        var host = text.IndexOf("://", StringComparison.Ordinal) + 3;
        var hasWildcard = host > 2 && text.AsSpan(host).StartsWith(Wildcard);
        var plain = hasWildcard ? text.Remove(host, Wildcard.Length) : text;
        if (!Uri.TryCreate(plain, UriKind.Absolute, out var url)
            || url.Scheme is not ("http" or "https")
            || url.UserInfo.Length > 0
            || url.PathAndQuery != "/"
            || url.Fragment.Length > 0
            || plain.EndsWith('/')
            || plain.Contains('*', StringComparison.Ordinal)
            || (hasWildcard && url.HostNameType != UriHostNameType.Dns))
        {
            return false;
        }

        var name = url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost;
        var authority = url.IsDefaultPort ? name : $"{name}:{url.Port}";
        origin = hasWildcard ? new AllowedOrigin($"{url.Scheme}://", "." + authority) : new AllowedOrigin($"{url.Scheme}://{authority}", null);
        return true;
    }

    /// <summary>Whether an <c>Origin</c> field names this origin. Browsers send schemes and hosts in lower case.</summary>
    public bool Matches(string origin) => End is null
        ? origin == Start
        : origin.Length > Start.Length + End.Length
            && origin.StartsWith(Start, StringComparison.Ordinal)
            && origin.EndsWith(End, StringComparison.Ordinal)
            && !origin.AsSpan(Start.Length, origin.Length - Start.Length - End.Length).ContainsAnyExcept(HostCharacters);
}
