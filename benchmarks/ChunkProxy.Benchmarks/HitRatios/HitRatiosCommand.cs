using System.Globalization;
using ChunkProxy.Cache.Eviction;
using ChunkProxy.Cache.Tiers.Memory;

namespace ChunkProxy.Benchmarks.HitRatios;

/// <summary>Prints hit ratios of the product's policy, LRU, FIFO and the optimum, as Markdown: synthetic traces, then the given files.</summary>
internal static class HitRatiosCommand
{
    private const long MiB = 1024 * 1024;

    // The sizes of the published tables for the two traces in docs/performance-log.md.
    private static readonly long[] ByteSizes = [.. Enumerable.Range(1, 8).Select(i => i * 128 * MiB)];
    private static readonly long[] BlockSizes = [.. Enumerable.Range(1, 8).Select(i => i * 250L)];
    private static readonly long[] SyntheticSizes = [500, 1_000, 2_000, 4_000, 8_000, 16_000];

    private static readonly (string Name, Func<long, IEvictionPolicy<ulong>> Make)[] Policies =
    [
        ("LRU", capacity => new QueuePolicy(capacity, hitsRenew: true)),
        ("FIFO", capacity => new QueuePolicy(capacity, hitsRenew: false)),
        ("ChunkProxy, disk", capacity => new S3FifoPolicy<ulong>(capacity)),
        ("ChunkProxy, memory", capacity => new S3FifoPolicy<ulong>(capacity, capacity / MemoryTier.CorrelatedHitWindow)),
    ];

    public static void Run(TextWriter output, IEnumerable<string> paths)
    {
        foreach (var (name, what, trace) in SyntheticTraces.All())
        {
            Print(output, $"{name}: {what}", trace, SyntheticSizes);
        }

        foreach (var path in paths)
        {
            var trace = TraceFile.Read(path);
            Print(output, Path.GetFileName(path), trace, trace.Any(request => request.Size > 1) ? ByteSizes : BlockSizes);
        }
    }

    private static void Print(TextWriter output, string title, Request[] trace, long[] sizes)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{title} ({trace.Length:N0} requests)\n"));
        output.WriteLine("| hit ratio in % (misses) | " + string.Join(" | ", sizes.Select(NameOf)) + " |");
        output.WriteLine("|---|" + string.Concat(sizes.Select(_ => "---|")));
        foreach (var (name, make) in Policies)
        {
            PrintRow(output, name, sizes.Select(size => Simulation.Run(trace, make(size))));
        }

        PrintRow(output, "optimum (Belady)", sizes.Select(size => Belady.Run(trace, size)));
    }

    private static void PrintRow(TextWriter output, string name, IEnumerable<SimulationResult> results) =>
        output.WriteLine($"| {name} | " + string.Join(" | ", results.Select(Cell)) + " |");

    private static string Cell(SimulationResult result) =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * result.HitRatio:F2} ({result.Misses})");

    private static string NameOf(long size) =>
        size >= MiB ? string.Create(CultureInfo.InvariantCulture, $"{size / MiB} MiB") : size.ToString(CultureInfo.InvariantCulture);
}
