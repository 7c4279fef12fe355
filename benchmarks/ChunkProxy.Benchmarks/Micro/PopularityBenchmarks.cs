using BenchmarkDotNet.Attributes;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Popularity;

namespace ChunkProxy.Benchmarks.Micro;

/// <summary>Cost of counting a read of a chunk.</summary>
[MemoryDiagnoser]
public class PopularityBenchmarks
{
    private const int Keys = 4096;

    private readonly PopularitySketch _sketch = new(TimeSpan.FromSeconds(10), TimeProvider.System);
    private readonly Hash128 _version = new(0x0123456789ABCDEF, 0xFEDCBA9876543210);
    private long _next;

    [Benchmark]
    public int CountTheSame() => _sketch.Add(new ChunkKey(_version, 7));

    [Benchmark]
    public int CountMany() => _sketch.Add(new ChunkKey(_version, _next++ & (Keys - 1)));

    [Benchmark]
    public int Estimate() => _sketch.Estimate(new ChunkKey(_version, 7));
}
