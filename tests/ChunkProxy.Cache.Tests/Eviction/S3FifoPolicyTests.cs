using ChunkProxy.Cache.Eviction;

namespace ChunkProxy.Cache.Tests.Eviction;

public sealed class S3FifoPolicyTests
{
    [Fact]
    public void TryEvict_NothingHeld_False() => Assert.False(new S3FifoPolicy<int>(100).TryEvict(out _));

    [Fact]
    public void TryEvict_ReadTwiceWhileNew_OutlivesThoseThatWereNot()
    {
        var policy = new S3FifoPolicy<int>(10);
        var loved = new EvictionEntry<int>(0, 1);
        policy.Add(loved);
        policy.Touch(loved);
        policy.Touch(loved);
        for (var key = 1; key < 10; key++)
        {
            policy.Add(new EvictionEntry<int>(key, 1));
        }

        var victims = Enumerable.Range(0, 8).Select(_ => policy.TryEvict(out var victim) ? victim.Key : -1);

        Assert.Equal(Enumerable.Range(1, 8), victims);
    }

    [Fact]
    public void Add_EntryTwice_Throws()
    {
        var policy = new S3FifoPolicy<int>(10);
        var entry = new EvictionEntry<int>(0, 1);
        policy.Add(entry);

        Assert.Throws<InvalidOperationException>(() => policy.Add(entry));
    }
}
