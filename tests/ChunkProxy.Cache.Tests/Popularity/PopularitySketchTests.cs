using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Popularity;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Popularity;

public sealed class PopularitySketchTests
{
    private readonly FakeTimeProvider _time = new();

    private static ChunkKey Key(long index) => new(0x1234_5678_9ABC_DEF0, index);

    [Fact]
    public void Add_ManyOtherChunks_CountsAlmostExactly()
    {
        var sketch = new PopularitySketch(TimeSpan.FromSeconds(10), _time);
        for (var i = 0; i < 5000; i++)
        {
            sketch.Add(Key(i));
        }

        for (var i = 1; i <= 100; i++)
        {
            Assert.InRange(sketch.Add(Key(-1)), i, i + 4);
        }
    }

    [Fact]
    public void Estimate_NeverFallsShort()
    {
        var sketch = new PopularitySketch(TimeSpan.FromSeconds(10), _time);
        var counts = new Dictionary<ChunkKey, int>();
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var key = Key((long)(random.NextDouble() * random.NextDouble() * 20_000));
            counts[key] = counts.GetValueOrDefault(key) + 1;
            sketch.Add(key);
        }

        Assert.All(counts, it => Assert.True(sketch.Estimate(it.Key) >= it.Value));
    }

    [Fact]
    public void Estimate_AfterHalfLives_HasFaded()
    {
        var sketch = new PopularitySketch(TimeSpan.FromSeconds(10), _time);
        for (var i = 0; i < 64; i++)
        {
            sketch.Add(Key(7));
        }

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(32, sketch.Estimate(Key(7)));
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(4, sketch.Estimate(Key(7)));
        _time.Advance(TimeSpan.FromDays(1000));
        Assert.Equal(0, sketch.Estimate(Key(7)));
    }

    [Fact]
    public void Raise_ToFewerThanThereAre_ChangesNothing()
    {
        var sketch = new PopularitySketch(TimeSpan.FromSeconds(10), _time);
        sketch.Raise(Key(1), 20);
        sketch.Raise(Key(1), 5);
        Assert.Equal(20, sketch.Estimate(Key(1)));
    }
}
