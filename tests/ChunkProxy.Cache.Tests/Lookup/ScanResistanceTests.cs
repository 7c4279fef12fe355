using ChunkProxy.Cache.Chunks;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>The eviction policy at work in the real memory tier, behind the real look-up.</summary>
public sealed class ScanResistanceTests
{
    private const int ChunkSize = 64 * KiB;
    private const int Budget = 128; // chunks
    private const int Popular = Budget / 2;
    private const int Scanned = 10 * Budget;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)] // as players read
    public async Task Scan_TenTimesTheMemory_PopularHalfIsReadFromMemory(int rangesPerChunk)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/popular", Popular * ChunkSize);
        origin.Add("/scan", Scanned * (long)ChunkSize);
        await using var engine = new Engine(origin, settings: [("ChunkSize", "64KiB"), ("MemorySize", $"{Budget * ChunkSize}B")]);
        var popular = await engine.FindAsync("/popular", null, Stop);
        var scan = await engine.FindAsync("/scan", null, Stop);
        for (var i = 0; i < 4; i++)
        {
            await engine.ReadAsync(popular, ByteRange.Whole(Popular * ChunkSize), Stop);
        }

        var hits = 0;
        for (var i = 0; i < Scanned; i++)
        {
            var slice = new Slice(i % Popular, 0, ChunkSize);
            if (engine.Reader.TryOpen(popular, slice, out var lease))
            {
                hits++;
                lease.Dispose();
            }

            await engine.ReadAsync(popular, new ByteRange(popular.Layout.StartOf(i % Popular), popular.Layout.StartOf((i % Popular) + 1)), Stop);
            for (var range = 0; range < rangesPerChunk; range++)
            {
                var start = scan.Layout.StartOf(i) + (range * (ChunkSize / rangesPerChunk));
                await engine.ReadAsync(scan, new ByteRange(start, start + (ChunkSize / rangesPerChunk)), Stop);
            }
        }

        Assert.True(hits > 0.95 * Scanned, $"{hits} hits of {Scanned} reads of the popular half");
    }
}
