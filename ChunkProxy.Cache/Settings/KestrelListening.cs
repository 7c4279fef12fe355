using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ChunkProxy.Cache.Settings;

/// <summary>From an address as people write it to what Kestrel listens on.</summary>
internal static class KestrelListening
{
    public static bool IsLocalhost(ListenAddress address) => string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);

    public static void Listen(KestrelServerOptions kestrel, ListenAddress address)
    {
        if (address.IsEveryAddress)
        {
            kestrel.ListenAnyIP(address.Port);
        }
        else if (IsLocalhost(address))
        {
            kestrel.ListenLocalhost(address.Port);
        }
        else
        {
            kestrel.Listen(address.Address!, address.Port);
        }
    }
}
