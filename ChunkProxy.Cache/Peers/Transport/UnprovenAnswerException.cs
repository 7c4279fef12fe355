namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>A response lacks the proof that it comes, complete and unchanged, from the member that was asked. It must not be used.</summary>
internal sealed class UnprovenAnswerException() : IOException("the answer does not prove that the peer has the pool's key");
