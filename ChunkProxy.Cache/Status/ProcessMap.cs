namespace ChunkProxy.Cache.Status;

/// <summary>Which chunks of an object one process has.</summary>
/// <param name="Version">Names the version: the map is of this one alone.</param>
/// <param name="Token">Names it to other members, which may not know it: a <see cref="Chunks.VersionToken"/>.</param>
/// <param name="Validator">What the origin calls the version.</param>
/// <param name="SizeBytes">Bytes of the object.</param>
/// <param name="ChunkSizeBytes">Bytes of a chunk.</param>
/// <param name="Chunks">How many chunks the object has.</param>
/// <param name="Runs">Those that are here, ascending.</param>
internal sealed record ProcessMap(string Version, string Token, string Validator, long SizeBytes, long ChunkSizeBytes, long Chunks, IReadOnlyList<ChunkRun> Runs);
