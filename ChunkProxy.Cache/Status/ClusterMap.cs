namespace ChunkProxy.Cache.Status;

/// <summary>Which chunks of one version of an object there are in the cluster.</summary>
/// <param name="Path">The object, in the form in which it is asked for at the origin.</param>
/// <param name="Version">Names the version that the map is about.</param>
/// <param name="Validator">What the origin calls that version.</param>
/// <param name="CachedChunks">Chunks that are whole in memory or on disk, at whatever member.</param>
/// <param name="Members">This process first.</param>
internal sealed record ClusterMap(
    string Path,
    string Version,
    string Validator,
    long SizeBytes,
    long ChunkSizeBytes,
    long Chunks,
    long CachedChunks,
    IReadOnlyList<MemberMap> Members);
