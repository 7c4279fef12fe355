using System.Globalization;
using BenchmarkDotNet.Attributes;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Ownership;

namespace ChunkProxy.Benchmarks.Micro;

/// <summary>Cost of finding a chunk's owner, and the owner with three stand-ins. The limit is 2 µs for the owner among 100 members.</summary>
[MemoryDiagnoser]
public class OwnerMapBenchmarks
{
    private readonly Hash128 _film = new ObjectId("/films/a.mp4").Hash;
    private readonly Member[] _ranked = new Member[4];
    private OwnerMap _map = new OwnerMap(Epoch.Empty);
    private long _chunk;

    [Params(3, 10, 100)]
    public int Members { get; set; }

    [Params(true, false)]
    public bool EqualWeights { get; set; }

    [GlobalSetup]
    public void Setup() => _map = new OwnerMap(new Epoch(Enumerable.Range(0, Members).Select(number =>
        new Member(string.Create(CultureInfo.InvariantCulture, $"10.0.0.{number}:7070")) { Weight = EqualWeights ? 1 : 1 + (number % 4) })));

    [Benchmark(Baseline = true)]
    public Member? OwnerOf() => _map.OwnerOf(_film, _chunk++);

    [Benchmark]
    public int Rank() => _map.Rank(_film, _chunk++, _ranked);
}
