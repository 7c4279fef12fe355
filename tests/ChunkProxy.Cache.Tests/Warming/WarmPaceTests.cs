using ChunkProxy.Cache.Warming;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Warming;

public sealed class WarmPaceTests : IDisposable
{
    private const int Rate = 1_000_000;

    private readonly FakeTimeProvider _time = new();
    private readonly WarmPace _pace;

    public WarmPaceTests() => _pace = new WarmPace(Rate, _time);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _pace.Dispose();

    [Fact]
    public async Task Wait_Fetches_BeginWhenThoseBeforeHadTheirTime()
    {
        await _pace.WaitAsync(2 * Rate, Stop); // the first one begins at once
        var second = _pace.WaitAsync(Rate, Stop).AsTask();
        var third = _pace.WaitAsync(Rate, Stop).AsTask();

        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await second;
        Assert.False(third.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await third;

        var end = _pace.EndAsync(Stop).AsTask();
        Assert.False(end.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await end;
    }

    [Fact]
    public async Task Wait_AfterAPause_DoesNotCatchUp()
    {
        await _pace.WaitAsync(Rate, Stop);
        _time.Advance(TimeSpan.FromHours(1));
        await _pace.WaitAsync(Rate, Stop);

        var next = _pace.WaitAsync(Rate, Stop).AsTask();

        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    [Fact]
    public async Task Wait_Cancelled_LetsTheOthersOn()
    {
        using var cancel = new CancellationTokenSource();
        await _pace.WaitAsync(Rate, Stop);
        var cancelled = _pace.WaitAsync(Rate, cancel.Token).AsTask();
        var next = _pace.WaitAsync(Rate, Stop).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        _time.Advance(TimeSpan.FromSeconds(1));
        await next;
    }

    [Fact]
    public void Construct_RateIsTooLow_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new WarmPace(WarmPace.LowestRate - 1, _time));
}
