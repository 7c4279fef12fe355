using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Combined totals of the processes of a cluster, for display.</summary>
/// <param name="ClientBytes">Lower bound of the bytes sent to clients.</param>
/// <param name="OriginBytes">Bytes of chunks received from the origin.</param>
/// <param name="SavedBytes">Bytes sent to clients minus bytes from the origin.</param>
/// <param name="ByTier">Slices by tier.</param>
internal sealed record TotalFigures(long ClientBytes, long OriginBytes, long SavedBytes, IReadOnlyDictionary<ChunkSource, long> ByTier);
