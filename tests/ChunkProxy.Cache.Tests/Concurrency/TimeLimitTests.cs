using ChunkProxy.Cache.Concurrency;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Concurrency;

public sealed class TimeLimitTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _caller = new();

    public void Dispose() => _caller.Dispose();

    [Fact]
    public void Token_TimeIsUp_IsCancelledAndTheCallersIsNot()
    {
        using var limit = new TimeLimit(TimeSpan.FromSeconds(3), _time, _caller.Token);

        _time.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(limit.Token.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(limit.Token.IsCancellationRequested);
        Assert.False(_caller.IsCancellationRequested);
    }

    [Fact]
    public void Token_CallerGivesUp_IsCancelled()
    {
        using var limit = new TimeLimit(TimeSpan.FromSeconds(3), _time, _caller.Token);

        _caller.Cancel();

        Assert.True(limit.Token.IsCancellationRequested);
    }

    [Fact]
    public void Token_CallerHasGivenUpBefore_IsCancelledAtOnce()
    {
        _caller.Cancel();

        using var limit = new TimeLimit(TimeSpan.FromSeconds(3), _time, _caller.Token);

        Assert.True(limit.Token.IsCancellationRequested);
    }

    [Fact]
    public void Dispose_BeforeTheEnd_LeavesNothingBehind()
    {
        var limit = new TimeLimit(TimeSpan.FromSeconds(3), _time, _caller.Token);
        var token = limit.Token;

        limit.Dispose();
        _caller.Cancel();
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.False(token.IsCancellationRequested);
    }
}
