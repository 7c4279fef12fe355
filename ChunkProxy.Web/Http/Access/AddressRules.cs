using System.Net;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Http.Access;

/// <summary>Which client addresses may read. Immutable and pure.</summary>
internal sealed class AddressRules
{
    private readonly IPNetwork[] _allowed;
    private readonly IPNetwork[] _denied;

    public AddressRules(AccessOptions options)
    {
        _allowed = Parse(options.Allow);
        _denied = Parse(options.Deny);
    }

    public bool AreOff => _allowed.Length == 0 && _denied.Length == 0;

    /// <summary>Parses an address or a network in CIDR notation.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            address = Plain(address);
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    /// <param name="address">The client; null on a connection without addresses.</param>
    public AccessVerdict Judge(IPAddress? address)
    {
        if (AreOff)
        {
            return AccessVerdict.Admitted;
        }

        var client = address is null ? null : Plain(address);
        return client is not null && IsIn(_denied, client) ? AccessVerdict.AddressDenied
            : _allowed.Length > 0 && (client is null || !IsIn(_allowed, client)) ? AccessVerdict.AddressNotAllowed
            : AccessVerdict.Admitted;
    }

    private static IPNetwork[] Parse(string? list) =>
        [.. SettingText.ListOf(list).Select(text => TryParse(text, out var network) ? network : throw new FormatException(text))];

    private static bool IsIn(IPNetwork[] networks, IPAddress client)
    {
        foreach (var network in networks)
        {
            if (network.Contains(client))
            {
                return true;
            }
        }

        return false;
    }

    // A listener for both families reports IPv4 clients as ::ffff:a.b.c.d.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
