using System.Net;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>The hosts by which operators reach this process: addresses, <c>localhost</c>, the machine's name, the configured names, and <c>AdminHosts</c>.</summary>
/// <remarks>
/// Against DNS rebinding: a foreign page whose name is made to resolve to this process would have the same origin as its answers, and could read them.
/// The browser sends the page's name in <c>Host</c>. A page cannot have an address as its name unless the address is its own.
/// </remarks>
internal sealed class OwnHosts(IOptions<AdminOptions> admin, IOptions<WebOptions> web)
{
    private const string Localhost = "localhost";

    private readonly string[] _names =
    [
        Localhost,
        Dns.GetHostName(),
        .. new[] { web.Value.WebAddr.Host, admin.Value.AdminAddress?.Host ?? "" }.Where(host => host.Length > 0),
        .. admin.Value.AdminHostNames,
    ];

    /// <summary>Says whether a request that names this host may be answered. One that names none does not come from a browser.</summary>
    public bool Contain(HostString host)
    {
        if (!host.HasValue)
        {
            return true;
        }

        var name = host.Host.TrimEnd('.');
        return IPAddress.TryParse(name.Trim('[', ']'), out _)
            || name.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase)
            || _names.Any(own => HostWildcard.Matches(own, name));
    }
}
