using System.Net;
using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Clients;

/// <summary>A list of addresses and networks. Immutable.</summary>
internal sealed class AddressNetworks
{
    private const int MappedBits = 96; // before the IPv4 address in ::ffff:a.b.c.d

    private readonly IPNetwork[] _networks;

    /// <param name="list">Addresses and networks (CIDR), separated by commas; null: none.</param>
    /// <exception cref="FormatException">An entry is neither.</exception>
    public AddressNetworks(string? list) =>
        _networks = Array.ConvertAll(SettingText.ListOf(list), static text => TryParse(text, out var network) ? network : throw new FormatException(text));

    public bool AreNone => _networks.Length == 0;

    /// <summary>Parses an address or a network in CIDR notation.</summary>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            address = Plain(address);
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        if (!IPNetwork.TryParse(text, out network))
        {
            return false;
        }

        if (network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits)
        {
            network = new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits); // as clients are compared
        }

        return true;
    }

    /// <summary>Requires that each entry of a list is an address or a network.</summary>
    public static void Require(string? list, string key, SettingFailures failures)
    {
        foreach (var text in SettingText.ListOf(list))
        {
            failures.Require(TryParse(text, out _), key, $"'{text}' is not an address or a network such as 10.0.0.0/8 or 2001:db8::/32");
        }
    }

    public bool Contain(IPAddress address)
    {
        var plain = Plain(address);
        foreach (var network in _networks)
        {
            if (network.Contains(plain))
            {
                return true;
            }
        }

        return false;
    }

    // A listener for both families reports IPv4 clients as ::ffff:a.b.c.d.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
