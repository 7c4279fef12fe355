using System.Globalization;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Benchmarks.Startup;

/// <summary>Heap of the disk tier's index per chunk: after a scan, and after as many chunks again were added and evicted.</summary>
internal static class IndexMemoryCommand
{
    private const long Size = 4096;

    public static void Run(TextWriter output, int chunks, int chunksOfAnObject)
    {
        output.WriteLine("| chunks | of each object | bytes a chunk after a scan | after as many again, with evictions | an addition | an eviction and an addition |\n|---|---|---|---|---|---|");
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var index = new DiskIndex(chunks * Size);
        var began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < chunks; i++)
        {
            index.Space.TryCharge(Size);
            index.Add(KeyOf(i, chunksOfAnObject), Size);
        }

        var added = TimeProvider.System.GetElapsedTime(began) / chunks;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        began = TimeProvider.System.GetTimestamp();
        for (var i = 0; i < chunks; i++)
        {
            index.Remove(index.NextVictim()!);
            index.Space.TryCharge(Size);
            index.Add(KeyOf(chunks + i, chunksOfAnObject), Size);
        }

        var turned = TimeProvider.System.GetElapsedTime(began) / chunks;
        var later = GC.GetTotalMemory(forceFullCollection: true);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {chunks} | {chunksOfAnObject} | {(after - before) / (double)chunks:F1} | {(later - before) / (double)chunks:F1} | {added.TotalNanoseconds:F0} ns | {turned.TotalNanoseconds:F0} ns |"));
        GC.KeepAlive(index);
    }

    private static ChunkKey KeyOf(int number, int chunksOfAnObject)
    {
        var version = (ulong)(number / chunksOfAnObject) + 1;
        return new ChunkKey(new Hash128(version * 0x9E3779B97F4A7C15UL, version * 0xC2B2AE3D27D4EB4FUL), number % chunksOfAnObject);
    }
}
