using ChunkProxy.Cache.Concurrency;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class BackoffTests
{
    [Fact]
    public void Pause_Doubles_UpToTheLongest()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(500));

        Assert.Equal([100.0, 100, 200, 400, 500, 500], new[] { 0, 1, 2, 3, 4, 1000 }.Select(number => backoff.Pause(number).TotalMilliseconds));
    }

    [Fact]
    public void Pause_WithoutAFirstPause_IsZero() => Assert.Equal(TimeSpan.Zero, new Backoff(TimeSpan.Zero, TimeSpan.MaxValue).Pause(7));

    [Fact]
    public void Pause_BeyondEveryClock_IsTheLongest() =>
        Assert.Equal(TimeSpan.MaxValue, new Backoff(TimeSpan.FromDays(10_000), TimeSpan.MaxValue).Pause(100));
}
