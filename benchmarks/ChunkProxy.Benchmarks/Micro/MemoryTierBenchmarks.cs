using BenchmarkDotNet.Attributes;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Benchmarks.Micro;

/// <summary>Cost of a look-up in memory, and of making room for a chunk.</summary>
[MemoryDiagnoser]
public class MemoryTierBenchmarks : IDisposable
{
    private const int ChunkSize = 1024 * 1024;
    private const int Chunks = 256;

    private MemoryTier _tier = null!;
    private long _next;

    [GlobalSetup]
    public void Fill()
    {
        _tier = new MemoryTier((long)Chunks * ChunkSize, ChunkSize);
        for (_next = 0; _next < Chunks; _next++)
        {
            RentAndAdd();
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _tier.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public void Hit() => _tier.TryGet(new ChunkKey(7, 200))!.Release();

    [Benchmark]
    public bool Miss() => _tier.TryGet(new ChunkKey(8, 200)) is null;

    [Benchmark]
    public void EvictRentAdd()
    {
        _next++;
        RentAndAdd();
    }

    private void RentAndAdd()
    {
        var buffer = _tier.TryRent(ChunkSize)!;
        _tier.Add(new ChunkKey(7, _next), buffer);
        buffer.Release();
    }
}
