using ChunkProxy.Cache.Peers.Transport;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>How long processes wait for each other where purges are concerned, and the clock that they go by.</summary>
internal sealed class PurgeTimes(IOptions<PurgeOptions> options, IOptions<PeerOptions> peers, TimeProvider clock)
{
    public TimeProvider Clock => clock;

    /// <inheritdoc cref="PurgeOptions.Lapse"/>
    public TimeSpan Lapse => options.Value.Lapse;

    /// <summary>For the answer of a member that tells only what it has.</summary>
    public TimeSpan Soon => peers.Value.PingTimeout;

    /// <summary>How long a question for purges waits for news: well below the time after which it counts as unanswered, and below the lapse.</summary>
    public TimeSpan Hold => Lapse / 3 < Soon ? Lapse / 3 : Soon;

    /// <summary>For a member that purges. It waits for those that listen to it, for a lapse at most.</summary>
    public TimeSpan Confirmation => Lapse + Soon + peers.Value.Silence;
}
