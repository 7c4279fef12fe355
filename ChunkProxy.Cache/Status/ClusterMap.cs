using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Cache.Status;

/// <summary>Which chunks of one version of an object there are in the cluster.</summary>
/// <param name="Own">The map of this process.</param>
/// <param name="Others">The other members' maps; null where a member did not answer.</param>
internal sealed record ClusterMap(ProcessMap Own, IReadOnlyList<(Member Member, ProcessMap? Map)> Others);
