using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;

namespace ChunkProxy.Web.Streaming;

/// <summary>A slice and the right to read it.</summary>
internal readonly record struct OpenedSlice(Slice Slice, ChunkLease Lease, bool IsHot);
