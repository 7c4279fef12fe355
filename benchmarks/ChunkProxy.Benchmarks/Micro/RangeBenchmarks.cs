using BenchmarkDotNet.Attributes;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Ranges;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Benchmarks.Micro;

/// <summary>Cost of parsing a Range field, resolving it against a size, and splitting the result into slices.</summary>
[MemoryDiagnoser]
public class RangeBenchmarks
{
    private const long Size = 4L * 1024 * 1024 * 1024;
    private const int MaxRanges = 16;

    private readonly ChunkLayout _layout = new(chunkSize: 1024 * 1024, Size);
    private RangeHeader _header;

    [Params("bytes=1000000-", "bytes=123456789-126602516", "bytes=-500000", "bytes=0-9,1000000-1000009,5000000-5000009,-10")]
    public string Field { get; set; } = "";

    [GlobalSetup]
    public void Setup() => _header = RangeHeader.Parse(new StringValues(Field), MaxRanges);

    [Benchmark]
    public int Parse() => RangeHeader.Parse(new StringValues(Field), MaxRanges).Count;

    [Benchmark]
    public int Resolve() => RangeOutcome.Resolve(_header, Size).Count;

    [Benchmark]
    public int FirstSlice()
    {
        var range = RangeOutcome.Resolve(_header, Size)[0];
        return _layout.SliceAt(range.Start, range.End).Length;
    }
}
