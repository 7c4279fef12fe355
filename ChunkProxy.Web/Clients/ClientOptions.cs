using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Clients;

/// <summary>Which address a client has, and what one client may take, under <c>ChunkProxy:Clients</c> in configuration. Some settings can be those of a route.</summary>
[Inheritance(Inheritance.None)] // the limits of a route hold in addition to these
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

    /// <summary>Most connections of one client; further ones are closed. Those of <see cref="TrustedProxies"/> are not counted. 0: any number.</summary>
    [Between("0", "1,000,000")]
    public int MaxConnections { get; set; }

    /// <summary>Most requests for objects that one client has in progress; further ones receive 429. 0: any number.</summary>
    [PerScope]
    [Between("0", "1,000,000")]
    public int MaxRequests { get; set; }

    /// <summary>Bytes of bodies a second that one client receives, in all its responses together. Further bytes wait. 0: any number.</summary>
    [PerScope]
    [Between("0", "1TiB")]
    public ByteSize Rate { get; set; }

    /// <summary>Bytes that a client receives without a wait before <see cref="Rate"/> counts, and again after a pause.</summary>
    [PerScope]
    [Between("0", "1TiB")]
    public ByteSize Burst { get; set; } = ByteSize.MiB(16);
}
