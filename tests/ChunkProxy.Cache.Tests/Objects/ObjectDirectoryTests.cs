using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Objects;

public sealed class ObjectDirectoryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Remember_ObjectsWithLongQueries_TakesTheirNamesIntoAccount(bool isThere)
    {
        await using var origin = ScriptedOrigin.Start();
        await using var engine = new Engine(origin, time: null, ("MetadataSize", "256KiB"), ("NotFoundLifetime", "00:10:00"));
        for (var i = 0; i < 100; i++)
        {
            var path = $"/a?{i}{new string('q', 8000)}";
            if (isThere)
            {
                origin.Add(path, 100);
            }

            await engine.Reader.FindAsync(engine.At(path), firstByte: 0, Stop).AsTask().WaitAsync(Patience.Limit, Stop);
            Assert.InRange(engine.Directory.UsedBytes, 0, 256 * KiB);
        }

        Assert.InRange(engine.Directory.Count, 5, 16); // each takes 16 KiB and more
        Assert.True(engine.Directory.Evictions > 0);
    }

    [Fact]
    public async Task FindShown_ObjectsWithOneQueryEach_FindsTheRightOne()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film?sig=1", 100);
        origin.Add("/film?sig=2", 100);
        origin.Add("/other?sig=1", 100);
        await using var engine = new Engine(origin);
        foreach (var path in new[] { "/film?sig=1", "/film?sig=2", "/other?sig=1" })
        {
            await engine.FindAsync(path, firstByte: 0, Stop);
        }

        Assert.Equal("/film?sig=2", engine.Directory.FindShown(ShownPath.Of("/film?sig=2"))?.PathAndQuery);
        Assert.Equal("/other?sig=1", engine.Directory.FindShown(ShownPath.Of("/other?sig=1"))?.PathAndQuery);
        Assert.Null(engine.Directory.FindShown(ShownPath.Of("/other?sig=2")));
        Assert.Null(engine.Directory.FindShown(ShownPath.Of("/fil?sig=1")));
    }
}
