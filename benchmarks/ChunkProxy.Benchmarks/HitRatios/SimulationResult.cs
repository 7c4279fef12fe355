namespace ChunkProxy.Benchmarks.HitRatios;

internal readonly record struct SimulationResult(long Hits, long Misses, long HitBytes, long MissBytes)
{
    public double HitRatio => (double)Hits / (Hits + Misses);

    public double ByteHitRatio => (double)HitBytes / (HitBytes + MissBytes);

    public SimulationResult Hit(long bytes) => this with { Hits = Hits + 1, HitBytes = HitBytes + bytes };

    public SimulationResult Miss(long bytes) => this with { Misses = Misses + 1, MissBytes = MissBytes + bytes };
}
