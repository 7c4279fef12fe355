using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class ProbeBreakerTests
{
    private readonly NotedTimeProvider _time = new();
    private readonly TaskCompletionSource<bool> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProbeBreaker _breaker;

    public ProbeBreakerTests() => _breaker = new ProbeBreaker(_time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Trip_ProbeFailsTwice_ClosesWithTheThird()
    {
        var probes = 0;
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        Assert.True(_breaker.Trip(_ => Task.FromResult(++probes == 3), backoff, () => true, _closed.SetResult, Stop));

        foreach (var (pause, seconds) in new[] { 1, 2, 2 }.Index())
        {
            Assert.True(_breaker.IsOpen);
            Assert.Equal(TimeSpan.FromSeconds(seconds), await _time.DueOfAsync(pause, Stop));
            _time.Advance(TimeSpan.FromSeconds(seconds));
        }

        Assert.True(await _closed.Task.WaitAsync(Patience.Limit, Stop));
        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public void Trip_WhileOpen_StartsNoSecondProbe()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        Assert.True(_breaker.Trip(_ => Task.FromResult(true), backoff, () => true, _closed.SetResult, Stop));
        Assert.False(_breaker.Trip(_ => Task.FromResult(true), backoff, () => true, _closed.SetResult, Stop));
    }

    [Fact]
    public async Task Trip_NoLongerWanted_ClosesWithoutRecovery()
    {
        _breaker.Trip(_ => Task.FromResult(true), new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), () => false, _closed.SetResult, Stop);

        Assert.False(await _closed.Task.WaitAsync(Patience.Limit, Stop));
        Assert.False(_breaker.IsOpen);
    }
}
