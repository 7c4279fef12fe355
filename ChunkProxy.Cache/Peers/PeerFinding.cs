using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Peers;

/// <summary>What came of asking a member for an object.</summary>
/// <param name="Outcome">How the request ended.</param>
/// <param name="Said">What the member says of the object; null: it cannot say, ask another.</param>
internal readonly record struct PeerFinding(PeerReadOutcome Outcome, ObjectLookup? Said = null);
