namespace ChunkProxy.Cache.Purges;

/// <summary>The purge of an object: nothing of it that was fetched under an earlier stamp may be used.</summary>
/// <param name="Object">Hash of the object's id.</param>
/// <param name="Stamp">
/// Time in microseconds since 1970, by the purging process's clock, and always above the object's previous stamp. It is the generation of everything
/// fetched from then on.
/// </param>
/// <param name="Path">Path and query, for display; null once forgotten.</param>
internal readonly record struct Purge(UInt128 Object, long Stamp, string? Path = null);
