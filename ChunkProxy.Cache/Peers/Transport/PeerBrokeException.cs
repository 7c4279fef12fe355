using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>A peer's response did not reach its end. The reader continues elsewhere, from the byte reached.</summary>
internal sealed class PeerBrokeException(PeerReadOutcome outcome) : Exception($"the peer broke off: {outcome}")
{
    public PeerReadOutcome Outcome { get; } = outcome;
}
