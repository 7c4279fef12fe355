namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>An answer does not prove that it comes from the member that was asked, whole and unchanged: it is worth nothing.</summary>
internal sealed class UnprovenAnswerException() : IOException("the answer does not prove that the peer has the pool's key");
