using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class RefCountTests
{
    private RefCount _count = RefCount.One();

    [Fact]
    public void Release_OfTheLastReference_True()
    {
        Assert.True(_count.TryRetain());

        Assert.False(_count.Release());
        Assert.True(_count.Release());
        Assert.Equal(0, _count.Current);
    }

    [Fact]
    public void TryRetain_AfterTheLastRelease_False()
    {
        _count.Release();

        Assert.False(_count.TryRetain());
        Assert.Equal(0, _count.Current);
    }

    [Fact]
    public void Release_OnceTooOften_Throws()
    {
        _count.Release();

        Assert.Throws<InvalidOperationException>(() => _count.Release());
    }

    [Fact]
    public void RetainAndRelease_OnManyThreads_OneIsTheLast()
    {
        const int Threads = 4;
        var last = 0;
        Assert.All(Enumerable.Range(0, Threads), _ => Assert.True(_count.TryRetain()));

        Parallel.For(0, Threads + 1, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i =>
        {
            for (var n = 0; i > 0 && n < 10_000; n++)
            {
                Assert.True(_count.TryRetain());
                Assert.False(_count.Release()); // this thread holds another one
            }

            if (_count.Release())
            {
                Interlocked.Increment(ref last);
            }
        });

        Assert.Equal(1, last);
        Assert.False(_count.TryRetain());
    }
}
