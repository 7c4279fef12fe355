using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Origin;

/// <summary>What one client may make the origin send at one time, under <c>ChunkProxy:Clients</c> in configuration. For every member, also without clients of its own.</summary>
[Inheritance(Inheritance.None)] // the limits of a route hold in addition to these
public sealed class ColdReadOptions
{
    public const string Section = CacheOptions.Section + ":Clients";

    /// <summary>Bytes that this process fetches from the origin for one client at one time, in whole chunks: two at least. 0: any number.</summary>
    [Between("0", "1TiB")]
    public ByteSize ColdBytes { get; set; }

    /// <summary>What happens to reads beyond <see cref="ColdBytes"/>.</summary>
    public ColdExcess ColdExcess { get; set; }
}
