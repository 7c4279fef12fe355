using ChunkProxy.Cache.Peers.Transport;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>The clock and the timeouts between processes for purges.</summary>
internal sealed class PurgeTimes(IOptions<PurgeOptions> options, IOptions<PeerOptions> peers, TimeProvider clock)
{
    public TimeProvider Clock => clock;

    /// <inheritdoc cref="PurgeOptions.Lapse"/>
    public TimeSpan Lapse => options.Value.Lapse;

    /// <summary>Timeout of a request that the member answers without waiting.</summary>
    public TimeSpan QueryTimeout => peers.Value.PingTimeout;

    /// <summary>How long a request for purges waits for news: well below its timeout, and below the lapse.</summary>
    public TimeSpan LongPollTime => Lapse / 3 < QueryTimeout ? Lapse / 3 : QueryTimeout;

    /// <summary>
    /// How long a purge waits for the disk where it can go on without it. Two such waits and one for news are well below the lapse, so that a disk that
    /// hangs does not end the freshness of the process.
    /// </summary>
    public TimeSpan DiskPatience => Lapse / 10;

    /// <summary>Timeout of a purge at a member, which waits for its own listeners for at most a lapse.</summary>
    public TimeSpan Confirmation => Lapse + QueryTimeout + peers.Value.Silence;
}
