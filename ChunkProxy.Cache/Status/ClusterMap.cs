namespace ChunkProxy.Cache.Status;

/// <summary>Cached chunks of one version of an object in the cluster.</summary>
/// <param name="Path">The object, as requested from the origin.</param>
/// <param name="Version">Hash of the version.</param>
/// <param name="Validator">The origin's validator of the version.</param>
/// <param name="CachedChunks">Chunks that at least one member has whole, in memory or on disk.</param>
/// <param name="Members">Maps of the members, this process first. None for a folder of segments, which is no object and has only heat.</param>
/// <param name="Heat">Which parts clients read most; null if that is not counted.</param>
internal sealed record ClusterMap(
    string Path,
    string Version,
    string Validator,
    long SizeBytes,
    long ChunkSizeBytes,
    long Chunks,
    long CachedChunks,
    IReadOnlyList<MemberMap> Members,
    HeatFigures? Heat = null);
