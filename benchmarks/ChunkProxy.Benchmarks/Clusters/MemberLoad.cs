namespace ChunkProxy.Benchmarks.Clusters;

/// <summary>The load of a member.</summary>
/// <param name="Reads">Slices served to front ends and other members.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="ProcessorSeconds">Processor time of all cores since the start.</param>
internal readonly record struct MemberLoad(long Reads, long Bytes, double ProcessorSeconds);
