using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Clients;

/// <summary>The proxies in front of this process, whose word about their clients counts.</summary>
internal sealed class TrustedProxies(IOptions<ClientOptions> options)
{
    private const int MostHops = 32;
    private const int LongestHop = 64; // characters; an IPv6 address with brackets and port has at most 53

    private readonly AddressNetworks _networks = new(options.Value.TrustedProxies);

    public bool AreNone => _networks.AreNone;

    public bool Contain(IPAddress? address) => address is not null && _networks.Contain(address);

    /// <summary>Returns the client of a request: the hop nearest to this process that is not a trusted proxy.</summary>
    /// <remarks>
    /// Each proxy appends the address of its peer, so the field is read from the right. What stands left of the first untrusted hop was written by
    /// that hop. A hop that is not an address ends the reading, and the hop before it counts.
    /// </remarks>
    /// <param name="peer">The peer of the connection.</param>
    /// <param name="forwardedFor">The lines of <c>X-Forwarded-For</c>.</param>
    public IPAddress? ClientOf(IPAddress? peer, StringValues forwardedFor)
    {
        if (!Contain(peer))
        {
            return peer;
        }

        var client = peer;
        var hops = 0;
        for (var line = forwardedFor.Count - 1; line >= 0; line--)
        {
            var rest = forwardedFor[line].AsSpan();
            for (var comma = rest.Length; comma >= 0; hops++)
            {
                rest = rest[..comma];
                comma = rest.LastIndexOf(',');
                if (hops == MostHops || !TryParse(rest[(comma + 1)..].Trim(), out var hop))
                {
                    return client;
                }

                client = hop;
                if (!_networks.Contain(hop))
                {
                    return client;
                }
            }
        }

        return client;
    }

    // With or without a port: some load balancers append that of the client.
    private static bool TryParse(ReadOnlySpan<char> text, out IPAddress address)
    {
        address = IPAddress.None;
        if (text.Length > LongestHop || text.Contains('%') || !IPEndPoint.TryParse(text, out var hop))
        {
            return false;
        }

        // The framework also reads 1, 0x7f.1 and 010.0.0.1, which others read as other addresses or not at all.
        address = hop.Address;
        return address.AddressFamily is not AddressFamily.InterNetwork
            || text.StartsWith(address.ToString(), StringComparison.Ordinal);
    }
}
