using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>A peer's answer to a request for bytes, its body still to be read.</summary>
internal sealed class PeerAnswer(PeerReadOutcome outcome) : IDisposable
{
    public PeerReadOutcome Outcome { get; } = outcome;

    public PeerBody? Body { get; init; }

    /// <summary>What the peer says of where it has the bytes from.</summary>
    public ReadReport Report { get; init; }

    /// <summary>Where the bytes come from, as this process sees it.</summary>
    public ChunkSource Source => Report.Source is ChunkSource.Origin or ChunkSource.PeerOrigin ? ChunkSource.PeerOrigin : ChunkSource.Peer;

    /// <summary>How often the peer saw the chunk read lately.</summary>
    public int Rate { get; init; }

    /// <summary>What the peer says of <see cref="PeerReadOutcome.Failed"/>.</summary>
    public ChunkReadException? Failure { get; init; }

    public void Dispose() => Body?.Dispose();
}
