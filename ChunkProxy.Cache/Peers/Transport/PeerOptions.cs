using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>How patient members are with each other, under <c>ChunkProxy:Peers</c> in configuration.</summary>
public sealed class PeerOptions
{
    public const string Section = CacheOptions.Section + ":Peers";

    /// <summary>Longest wait for a connection.</summary>
    [Between("1 ms", "1 min")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>After so much silence a peer is pinged; what it is doing may take long, but a ping may not.</summary>
    [Between("1 ms", "1 min")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest wait for the answer to a ping.</summary>
    [Between("1 ms", "1 min")]
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// How long a peer that answers pings may bring nothing while it waits neither for the origin nor for another member. Looked at each
    /// <see cref="Silence"/>.
    /// </summary>
    [Between("1 ms", "10 min")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Bytes a second that a peer must bring of an answer at least, while that is waited for and the peer waits for nobody. 0: one byte in each <see cref="StallTimeout"/>.</summary>
    public ByteSize MinRate { get; set; } = ByteSize.KiB(16);

    /// <summary>A peer that failed is pinged this often, and used again once it answers.</summary>
    [Between("1 ms", "1 h")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How far the clocks of two members may differ. A request whose time lies further from the receiver's is refused, and for so long the receiver remembers what it has answered.</summary>
    [Between("1 s", "10 min")]
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Longest time for a stopping member to hand its hottest chunks on.</summary>
    [Between("0", "10 min")]
    public TimeSpan HandOverTime { get; set; } = TimeSpan.FromSeconds(5);

    internal TimeSpan StallTimeoutFor(PeerPatience patience) => patience is PeerPatience.ForWork ? StallTimeout * 10 : StallTimeout;
}
