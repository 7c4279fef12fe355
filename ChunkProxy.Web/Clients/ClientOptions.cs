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
}
