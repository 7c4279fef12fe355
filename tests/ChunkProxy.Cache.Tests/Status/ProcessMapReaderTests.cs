using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Processes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class ProcessMapReaderTests
{
    private const long Huge = 1L << 50;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_ObjectThatClaimsAHugeSize_CostsTheChunksThatAreHere(bool hasDisk)
    {
        using var folder = new TemporaryFolder();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", Huge);
        origin.Add("/other", 10 * MiB);
        await using var engine = new Engine(origin, time: null, ("DiskSize", hasDisk ? "64MiB" : "0"), ("Dir", folder.Path));
        var version = await engine.FindAsync("/film", firstByte: 0, Stop);
        await engine.ReadAsync("/other", ByteRange.Whole(10 * MiB), Stop);
        foreach (var start in new[] { 5L * MiB, 6L * MiB, Huge - MiB })
        {
            await engine.ReadAsync(version, new ByteRange(start, start + MiB), Stop);
        }

        await engine.WhenFilledAsync(Stop);
        if (hasDisk)
        {
            await engine.Disk.WhenIdleAsync();
            engine.Memory.Remove(version.Chunk(5).Key); // on disk alone
        }

        var map = await Task.Run(() => engine.Maps.Read(version, Stop), Stop).WaitAsync(Patience.Limit, Stop); // chunk by chunk it would take minutes

        Assert.Equal(1L << 30, map.Chunks);
        Assert.Equal(3, ChunkRun.CountChunks(map.Runs.Where(run => run.First > 0), run => run.IsWhole));
        Assert.Equal([5, 6, (1L << 30) - 1], map.Runs.Where(run => run.IsWhole && run.First > 0).SelectMany(run => Enumerable.Range(0, (int)run.Count).Select(i => run.First + i)));
        Assert.Equal(hasDisk, map.Runs.First(run => run.First == 5).Disk);
    }

    [Fact]
    public async Task Read_RequestHasEnded_Ends()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 20 * MiB);
        await using var engine = new Engine(origin);
        var version = await engine.FindAsync("/film", firstByte: 0, Stop);
        await engine.ReadAsync(version, ByteRange.Whole(20 * MiB), Stop);

        Assert.Throws<OperationCanceledException>(() => engine.Maps.Read(version, new CancellationToken(canceled: true)));
    }
}
