using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Scripted;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Status;

public sealed class ProcessFiguresReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_ByManyAtOnce_VisitsTheEntriesOnceInHalfASecond()
    {
        var time = new FakeTimeProvider();
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var engine = new Engine(origin, time);
        await engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        await engine.WhenFilledAsync(Stop);

        var seen = new object[100];
        Parallel.For(0, seen.Length, i => seen[i] = engine.Figures.Read().Objects);

        Assert.All(seen, objects => Assert.Same(seen[0], objects));
        time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.Same(seen[0], engine.Figures.Read().Objects);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotSame(seen[0], engine.Figures.Read().Objects);
        Assert.Equal(3, engine.Figures.Read().Objects.Single().CachedChunks);
    }
}
