using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChunkProxy.Cache.Settings;

/// <summary>Configures Kestrel to listen on a <see cref="HostPort"/>.</summary>
internal static class KestrelListening
{
    public static bool IsLocalhost(HostPort address) => string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether Kestrel can listen on the host: empty, an IP address, or <c>localhost</c>. Names are not resolved.</summary>
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

    /// <summary>Starts a server and reports a failure to listen.</summary>
    /// <param name="server">The server.</param>
    /// <param name="key">Configuration key of the address.</param>
    /// <param name="address">The configured address.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="StartException">The port is in use or not allowed, or the address is not local.</exception>
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
