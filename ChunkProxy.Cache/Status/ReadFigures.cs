using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>Slices of chunks opened for clients.</summary>
/// <param name="Collapsed">Those that joined a retrieval that another read had started.</param>
/// <param name="BySource">All of them, by where their bytes came from.</param>
internal sealed record ReadFigures(long Total, long Collapsed, IReadOnlyDictionary<ChunkSource, long> BySource);
