using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Web.Http.Sending;

/// <summary>A slice and the lease to read it.</summary>
internal readonly record struct OpenedSlice(Slice Slice, ChunkLease Lease, bool IsHot);
