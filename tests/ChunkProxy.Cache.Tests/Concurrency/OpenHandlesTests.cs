using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class OpenHandlesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryEnterAsync_NoPlaceIsFree_WaitsForOneAndNoMoreThanMayWait()
    {
        var open = new OpenHandles(limit: 2, mostWaiting: 1);
        Assert.True(await open.TryEnterAsync(Cancel));
        Assert.True(await open.TryEnterAsync(Cancel));

        var third = open.TryEnterAsync(Cancel).AsTask();
        Assert.False(await open.TryEnterAsync(Cancel));
        Assert.False(third.IsCompleted);

        open.Leave();
        Assert.True(await third.WaitAsync(Patience.Limit, Cancel));
        Assert.Equal(2, open.Count);
    }

    [Fact]
    public async Task TryEnterAsync_CancelledWhileItWaits_TakesNoPlace()
    {
        var open = new OpenHandles(limit: 1, mostWaiting: 1);
        Assert.True(await open.TryEnterAsync(Cancel));
        using var cancelled = new CancellationTokenSource();
        var waiting = open.TryEnterAsync(cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience.Limit, Cancel));
        open.Leave();
        Assert.Equal(0, open.Count);
        Assert.True(await open.TryEnterAsync(Cancel));
    }

    [Fact]
    public async Task MayStay_MoreThanThreeQuartersAreOpen_IsFalse()
    {
        var open = new OpenHandles(limit: 8, mostWaiting: 0);
        for (var i = 1; i <= 8; i++)
        {
            Assert.True(await open.TryEnterAsync(Cancel));
            Assert.Equal(i <= 6, open.MayStay);
        }
    }
}
