namespace ChunkProxy.Cache.Status;

/// <summary>Chunks of one version of an object at one process.</summary>
/// <param name="Version">Hash of the version.</param>
/// <param name="Token">The version for members that may not know it: a <see cref="Chunks.VersionToken"/>.</param>
/// <param name="Validator">The origin's validator of the version.</param>
/// <param name="SizeBytes">Size of the object.</param>
/// <param name="ChunkSizeBytes">Size of a chunk.</param>
/// <param name="Chunks">Number of chunks of the object.</param>
/// <param name="Runs">Chunks cached or being filled, ascending.</param>
/// <param name="Heat">Which parts the clients of this process read most; null if that is not counted.</param>
internal sealed record ProcessMap(string Version, string Token, string Validator, long SizeBytes, long ChunkSizeBytes, long Chunks, IReadOnlyList<ChunkRun> Runs, HeatFigures? Heat = null)
{
    /// <summary>Returns the map of a film that is no object: a folder of segments.</summary>
    public static ProcessMap Of(HeatFigures heat) => new("", "", "", 0, 0, 0, [], heat);
}
