using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Slices of chunks opened for clients.</summary>
/// <param name="Collapsed">Slices that joined a fill of another read.</param>
/// <param name="BySource">All slices, by source.</param>
internal sealed record ReadFigures(long Total, long Collapsed, IReadOnlyDictionary<ChunkSource, long> BySource);
