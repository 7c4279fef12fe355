using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class WriteTurnsTests
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider _time = new();
    private readonly WriteTurns _turns;

    public WriteTurnsTests() => _turns = new WriteTurns(LongestWait, _time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitAsync_DiskHangsAndManyGiveUp_NoneIsKept()
    {
        using var leaving = new CancellationTokenSource();
        var waits = Enumerable.Range(0, 1000).Select(i => _turns.WaitAsync(i % 2 == 0 ? leaving.Token : Cancel).AsTask()).ToList();
        Assert.Equal(1000, _turns.Count);

        await leaving.CancelAsync();
        await Task.WhenAll(waits.Where((_, i) => i % 2 == 0).Select(AssertCancelledAsync));
        Assert.Equal(500, _turns.Count);
        _time.Advance(LongestWait);
        await Task.WhenAll(waits.Where((_, i) => i % 2 != 0)).WaitAsync(Patience.Limit, Cancel);

        Assert.Equal(0, _turns.Count);
    }

    [Fact]
    public async Task GiveOne_OneLeft_TheOthersGetTheirTurnsInOrder()
    {
        using var leaving = new CancellationTokenSource();
        var first = _turns.WaitAsync(Cancel).AsTask();
        var second = _turns.WaitAsync(leaving.Token).AsTask();
        var third = _turns.WaitAsync(Cancel).AsTask();
        var fourth = _turns.WaitAsync(Cancel).AsTask();
        await leaving.CancelAsync();
        await AssertCancelledAsync(second);

        _turns.GiveOne();
        await first.WaitAsync(Patience.Limit, Cancel);
        Assert.False(third.IsCompleted);
        _turns.GiveOne();
        await third.WaitAsync(Patience.Limit, Cancel);
        Assert.False(fourth.IsCompleted);
        _turns.GiveAll();

        await fourth.WaitAsync(Patience.Limit, Cancel);
        Assert.Equal(0, _turns.Count);
    }

    // Either the fill that leaves had its turn and begins, or the next one gets it.
    [Fact]
    public async Task GiveOne_TheNextLeavesAtThatMoment_NoTurnIsLost()
    {
        for (var i = 0; i < 2000; i++)
        {
            using var leaving = new CancellationTokenSource();
            var first = _turns.WaitAsync(leaving.Token).AsTask();
            var second = _turns.WaitAsync(Cancel).AsTask();

            var giving = Task.Run(_turns.GiveOne, Cancel);
            await leaving.CancelAsync();
            await giving;
            await first.ContinueWith(static _ => { }, Cancel, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

            if (first.IsCanceled)
            {
                await second.WaitAsync(Patience.Limit, Cancel);
            }
            else
            {
                Assert.Equal(1, _turns.Count);
                _turns.GiveAll();
                await second.WaitAsync(Patience.Limit, Cancel);
            }
        }
    }

    private static async Task AssertCancelledAsync(Task wait) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(Patience.Limit, Cancel));
}
