namespace ChunkProxy.Cache.Purges;

/// <summary>That an object was purged: nothing that was fetched of it under an earlier stamp may be used.</summary>
/// <param name="Object">Hash of the object's id.</param>
/// <param name="Stamp">When, in microseconds since 1970 by the clock of whoever purged, and always above the object's stamp before: the generation of what is fetched from then on.</param>
/// <param name="Path">Path and query, for people, while that is remembered.</param>
internal readonly record struct Purge(UInt128 Object, long Stamp, string? Path = null);
