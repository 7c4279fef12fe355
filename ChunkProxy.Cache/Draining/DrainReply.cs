namespace ChunkProxy.Cache.Draining;

/// <summary>What a member says when it is told to drain or to join again.</summary>
/// <param name="State">How it stands now.</param>
/// <param name="Refusal">Why nothing was done.</param>
/// <param name="Told">The others know; else they will when the coordination service answers.</param>
internal sealed record DrainReply(DrainState State, DrainRefusal Refusal, bool Told);
