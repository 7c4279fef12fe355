using BenchmarkDotNet.Attributes;
using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Benchmarks.Micro;

/// <summary>Cost of the eviction policy's decisions at three cache sizes. It should not depend on the size.</summary>
[MemoryDiagnoser]
public class EvictionBenchmarks
{
    private S3FifoPolicy<long> _policy = null!;
    private EvictionEntry<long> _entry = null!;
    private long _next;

    [Params(500, 50_000, 1_000_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        _policy = new S3FifoPolicy<long>(Entries);
        for (_next = 0; _next < Entries; _next++)
        {
            _entry = new EvictionEntry<long>(_next, 1);
            _policy.Add(_entry);
        }
    }

    [Benchmark]
    public void Touch() => _policy.Touch(_entry);

    [Benchmark]
    public bool EvictAndAdd()
    {
        var evicted = _policy.TryEvict(out _);
        _policy.Add(new EvictionEntry<long>(_next++, 1));
        return evicted;
    }
}
