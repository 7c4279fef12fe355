using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>What the processes of a cluster did together, as it is shown.</summary>
/// <param name="ClientBytes">Bytes that clients got, at least.</param>
/// <param name="OriginBytes">Bytes of chunks received from the origin.</param>
/// <param name="SavedBytes">How much less the origin sent than the clients got.</param>
/// <param name="ByTier">Slices by the tier that had their bytes.</param>
internal sealed record TotalFigures(long ClientBytes, long OriginBytes, long SavedBytes, IReadOnlyDictionary<ChunkSource, long> ByTier);
