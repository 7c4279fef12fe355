using System.Buffers;
using System.Net;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The host of a request as routes and keys have it: in lower case, without a port and the dot of the DNS root.</summary>
internal static class RequestHost
{
    private const int LongestName = 253; // RFC 1035

    private static readonly SearchValues<char> OfNames = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>Returns the host as routes compare it: an address of IPv6 without its brackets, the case as it comes.</summary>
    public static ReadOnlySpan<char> ToCompare(HostString host)
    {
        var name = host.Host.AsSpan().TrimEnd('.');
        return name is ['[', .., ']'] && IPAddress.TryParse(name, out var address) ? address.ToString() : name;
    }

    // A name that no server has, such as a..films.example, could not be sent to the origin.
    private static string? NameOf(string name) => Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4 ? name.ToLowerInvariant() : null;

    /// <summary>Returns the host as a key has it, and as the origin is asked for it; null if it is no name or address.</summary>
    public static string? ForKey(HostString host)
    {
        var name = ToCompare(host);
        return name.Length is 0 or > LongestName ? null
            : !name.ContainsAnyExcept(OfNames) ? NameOf(name.ToString())
            : IPAddress.TryParse(name, out var address) ? $"[{address}]" : null;
    }
}
