namespace ChunkProxy.Cache.Sites;

/// <summary>What the operator says about the freshness of an object.</summary>
/// <param name="Override">The lifetime from the receipt of a response on, whatever the origin says; null: the origin decides.</param>
/// <param name="Default">The lifetime if the origin states none; null: a heuristic decides.</param>
internal readonly record struct ObjectFreshness(TimeSpan? Override, TimeSpan? Default);
