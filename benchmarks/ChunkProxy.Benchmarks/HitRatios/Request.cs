namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>One read of a trace.</summary>
internal readonly record struct Request(ulong Key, long Size);
