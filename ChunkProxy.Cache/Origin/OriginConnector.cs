using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ChunkProxy.Cache.Origin;

/// <summary>Opens connections to the origin, and to hosts that it redirects to.</summary>
/// <remarks>
/// A redirect must not lead to this machine or its link, where services trust their neighbours, unless the origin itself is there. Addresses are
/// checked when connecting, so a name that resolves differently the second time (DNS rebinding) does not pass.
/// </remarks>
internal sealed class OriginConnector(Uri origin)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var target = context.DnsEndPoint;
            if (IsOrigin(target))
            {
                await socket.ConnectAsync(target, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await socket.ConnectAsync(await PermittedAddressesAsync(target.Host, cancellationToken).ConfigureAwait(false), target.Port, cancellationToken).ConfigureAwait(false);
            }

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Returns whether the address is loopback, link-local, unspecified, or of one of this machine's interfaces.</summary>
    internal static bool IsNear(IPAddress address, IReadOnlyCollection<IPAddress> own)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.IsIPv6LinkLocal || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any)
            || (plain.AddressFamily == AddressFamily.InterNetwork && plain.GetAddressBytes() is [169, 254, ..] or [0, ..])
            || own.Contains(plain);
    }

    private bool IsOrigin(DnsEndPoint target) => target.Port == origin.Port && target.Host.Equals(origin.IdnHost, StringComparison.OrdinalIgnoreCase);

    private async Task<IPAddress[]> PermittedAddressesAsync(string host, CancellationToken cancellationToken)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellationToken).ConfigureAwait(false);
        var own = OwnAddresses();
        if (addresses.Any(address => IsNear(address, own)))
        {
            var origins = await Dns.GetHostAddressesAsync(origin.IdnHost, cancellationToken).ConfigureAwait(false);
            addresses = [.. addresses.Where(address => !IsNear(address, own) || origins.Contains(address))];
        }

        return addresses is [] ? throw new SocketException((int)SocketError.NetworkUnreachable) : addresses;
    }

    private static HashSet<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(it => it.GetIPProperties().UnicastAddresses).Select(it => it.Address)];
}
