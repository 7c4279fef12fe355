using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>A peer's answer did not reach its end. Whoever reads goes on elsewhere, from the byte reached.</summary>
internal sealed class PeerBrokeException(PeerReadOutcome outcome) : Exception($"the peer broke off: {outcome}")
{
    public PeerReadOutcome Outcome { get; } = outcome;
}
