using ChunkProxy.Cache.Origin;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginAttemptsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly OriginAttempts _attempts;

    public OriginAttemptsTests() => _attempts = new OriginAttempts(
        new OriginOptions { Attempts = 3, Backoff = TimeSpan.FromSeconds(1), RetryAfterLimit = TimeSpan.FromSeconds(10) }, _time);

    [Fact]
    public void AreLeft_AsManyAsConfigured_ThenNone()
    {
        _attempts.Count();
        _attempts.Count();
        Assert.True(_attempts.AreLeft);
        _attempts.Count();
        Assert.False(_attempts.AreLeft);
    }

    [Fact]
    public void NoteTransient_TwoCountAsOne()
    {
        for (var i = 0; i < 4; i++)
        {
            _attempts.Count();
            _attempts.NoteTransient();
            Assert.True(_attempts.AreLeft);
        }

        _attempts.Count();
        _attempts.NoteTransient();
        Assert.False(_attempts.AreLeft);
    }

    [Fact]
    public void NoteProgress_CountsAnewFromTheRequestThatMadeIt()
    {
        _attempts.Count();
        _attempts.Count();
        _attempts.Count();
        _attempts.NoteProgress();
        _attempts.Count();
        Assert.True(_attempts.AreLeft);
        _attempts.Count();
        Assert.False(_attempts.AreLeft);
    }

    [Theory]
    [InlineData(null, 1)]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(4, 4)]
    [InlineData(3600, 10)]
    public async Task Pause_RetryAfter_IsHonouredWithinBounds(int? retryAfter, int expected)
    {
        var pause = _attempts.PauseAsync(retryAfter is { } seconds ? TimeSpan.FromSeconds(seconds) : null, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(expected) - TimeSpan.FromTicks(1));
        Assert.False(pause.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await pause;
    }

    [Fact]
    public async Task Pause_Again_IsTwiceAsLong()
    {
        var first = _attempts.PauseAsync(null, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1));
        await first;
        var second = _attempts.PauseAsync(null, TestContext.Current.CancellationToken);
        _time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await second;
    }
}
