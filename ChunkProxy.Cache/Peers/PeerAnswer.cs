using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>A peer's response to a request for bytes, with its body unread.</summary>
internal sealed class PeerAnswer(PeerReadOutcome outcome) : IDisposable
{
    public PeerReadOutcome Outcome { get; } = outcome;

    public PeerBody? Body { get; init; }

    /// <summary>The peer's report of where it got the bytes.</summary>
    public ReadReport Report { get; init; }

    /// <summary>The source of the bytes from the view of this process.</summary>
    public ChunkSource Source => Report.Source is ChunkSource.Origin or ChunkSource.PeerOrigin ? ChunkSource.PeerOrigin : ChunkSource.Peer;

    /// <summary>The chunk's recent read count at the peer.</summary>
    public int Rate { get; init; }

    /// <summary>The error that the peer reported with <see cref="PeerReadOutcome.Failed"/>.</summary>
    public ChunkReadException? Failure { get; init; }

    /// <summary>
    /// Bytes of the body, if it is only the beginning of what was wanted: the caller reads it at once, and asks again for the rest. 0: all that was wanted.
    /// </summary>
    public int Part { get; init; }

    /// <summary>The place of the read, which this instance gives back; null without a body.</summary>
    public IDisposable? Place { get; init; }

    public void Dispose()
    {
        Body?.Dispose();
        Place?.Dispose();
    }
}
