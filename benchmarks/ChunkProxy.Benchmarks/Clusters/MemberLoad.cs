namespace ChunkProxy.Benchmarks.Clusters;

/// <summary>What a member did for others.</summary>
/// <param name="Reads">Slices served to front ends and other members.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="ProcessorSeconds">Time of all cores since it started.</param>
internal readonly record struct MemberLoad(long Reads, long Bytes, double ProcessorSeconds);
