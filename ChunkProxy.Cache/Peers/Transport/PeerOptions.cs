using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>Timeouts and limits between members, under <c>ChunkProxy:Peers</c> in configuration.</summary>
public sealed class PeerOptions
{
    public const string Section = CacheOptions.Section + ":Peers";

    /// <summary>Connect timeout.</summary>
    [Between("1 ms", "1 min")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>A peer that sends nothing for this long is pinged. A request may take long, but a ping may not.</summary>
    [Between("1 ms", "1 min")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Timeout of a ping.</summary>
    [Between("1 ms", "1 min")]
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>
    /// How long a peer that answers pings may send nothing while it waits neither for the origin nor for another member. Checked every
    /// <see cref="Silence"/>.
    /// </summary>
    [Between("1 ms", "10 min")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Least bytes per second that a peer must deliver while a read is pending and the peer waits for no other process. 0: one byte in each
    /// <see cref="StallTimeout"/>.
    /// </summary>
    public ByteSize MinRate { get; set; } = ByteSize.KiB(16);

    /// <summary>Interval of the probes of a failed peer. The first successful probe ends its avoidance.</summary>
    [Between("1 ms", "1 h")]
    public TimeSpan ProbeInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Most that the clocks of two members may differ. A member refuses requests whose time differs by more, and remembers answered requests for this
    /// long.
    /// </summary>
    [Between("1 s", "10 min")]
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Most time that a stopping member takes to hand over its hottest chunks.</summary>
    [Between("0", "10 min")]
    public TimeSpan HandOverTime { get; set; } = TimeSpan.FromSeconds(5);

    internal TimeSpan StallTimeoutFor(PeerPatience patience) => patience is PeerPatience.ForWork ? StallTimeout * 10 : StallTimeout;
}
