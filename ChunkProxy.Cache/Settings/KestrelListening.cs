using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChunkProxy.Cache.Settings;

/// <summary>From an address as people write it to what Kestrel listens on.</summary>
internal static class KestrelListening
{
    public static bool IsLocalhost(HostPort address) => string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>The host is one that can be listened on: none, an address, or <c>localhost</c>. Names are not resolved.</summary>
    public static bool CanListen(HostPort address) => address.IsEveryAddress || address.Address is not null || IsLocalhost(address);

    public static void Listen(KestrelServerOptions kestrel, HostPort address, Action<ListenOptions> configure)
    {
        if (address.IsEveryAddress)
        {
            kestrel.ListenAnyIP(address.Port, configure);
        }
        else if (IsLocalhost(address))
        {
            kestrel.ListenLocalhost(address.Port, configure);
        }
        else
        {
            kestrel.Listen(address.Address!, address.Port, configure);
        }
    }

    /// <summary>Starts a server that was told to listen.</summary>
    /// <param name="server">The server.</param>
    /// <param name="key">Configuration key that names the address.</param>
    /// <param name="address">As it was configured.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <exception cref="StartException">The port is in use, not allowed, or the address is not this machine's.</exception>
    public static async Task StartAsync(IHost server, string key, HostPort address, CancellationToken cancellationToken)
    {
        try
        {
            await server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or IOException { InnerException: AddressInUseException })
        {
            throw Refusal(key, address, e);
        }
    }

    public static StartException Refusal(string key, HostPort address, Exception met) =>
        new($"{key}: cannot listen on {address}: {met.GetBaseException().Message}", met);
}
