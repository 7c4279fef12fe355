using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Clients;

/// <summary>Which address a client has, under <c>ChunkProxy:Clients</c> in configuration.</summary>
public sealed class ClientOptions
{
    public const string Section = CacheOptions.Section + ":Clients";

    /// <summary>
    /// Addresses and networks (CIDR) of proxies in front of this process, separated by commas. The client of their requests is the last address in
    /// <c>X-Forwarded-For</c> that is not one of them. Null: no proxy is trusted.
    /// </summary>
    public string? TrustedProxies { get; set; }

    /// <summary>
    /// Whether connections to the addresses for clients begin with a header of the PROXY protocol (version 1 or 2), which names the client. Others are
    /// closed, and those of peers that are not in <see cref="TrustedProxies"/> if these are set.
    /// </summary>
    public bool ProxyProtocol { get; set; }
}
