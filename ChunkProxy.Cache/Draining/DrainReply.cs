namespace ChunkProxy.Cache.Draining;

/// <summary>A member's reply to an order to drain or to rejoin.</summary>
/// <param name="State">The member's state now.</param>
/// <param name="Refusal">Why the member did nothing.</param>
/// <param name="Told">True if the other members are informed; else they will be when the coordination service answers.</param>
internal sealed record DrainReply(DrainState State, DrainRefusal Refusal, bool Told);
