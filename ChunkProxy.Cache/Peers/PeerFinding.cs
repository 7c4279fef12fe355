using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>The result of asking a member about an object.</summary>
/// <param name="Outcome">The outcome of the request.</param>
/// <param name="Said">The member's result; null if it has none and another member should be asked.</param>
internal readonly record struct PeerFinding(PeerReadOutcome Outcome, ObjectLookup? Said = null);
