using ChunkProxy.Cache.Peers;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Peers;

public sealed class SilenceWatchTests : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly SilenceWatch _watch;
    private bool _isAlive;
    private int _asked;

    public SilenceWatchTests() => _watch = new SilenceWatch(Silence, _time, _ =>
    {
        _asked++;
        return Task.FromResult(_isAlive);
    });

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void Begin_NothingComesAndThePeerIsDead_IsGivenUpAfterTheSilence()
    {
        _watch.Begin();

        _time.Advance(Silence - Moment);
        Assert.Equal(0, _asked);
        Assert.False(_watch.GivenUp.IsCancellationRequested);
        _time.Advance(Moment);
        Assert.Equal(1, _asked);
        Assert.True(_watch.GivenUp.IsCancellationRequested);
    }

    [Fact]
    public void Begin_NothingComesAndThePeerLives_IsAskedAgainAfterEachSilence()
    {
        _isAlive = true;
        _watch.Begin();

        for (var i = 1; i <= 5; i++)
        {
            _time.Advance(Silence);
            Assert.Equal(i, _asked);
        }

        Assert.False(_watch.GivenUp.IsCancellationRequested);
    }

    [Fact]
    public void Begin_ManyReadsEachShorterThanTheSilence_NobodyIsAsked()
    {
        for (var i = 0; i < 50; i++)
        {
            _watch.Begin();
            _time.Advance(Silence / 3);
            _watch.End();
            _time.Advance(Silence / 5);
        }

        Assert.Equal(0, _asked);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(499)]
    [InlineData(500)]
    [InlineData(5000)]
    public void Begin_AfterAPauseWithoutReads_TheSilenceCountsFromThisRead(int pause)
    {
        _watch.Begin();
        _watch.End();
        _time.Advance(TimeSpan.FromMilliseconds(pause));

        _watch.Begin();

        _time.Advance(Silence - Moment);
        Assert.Equal(0, _asked);
        _time.Advance(Moment);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void End_WhileThePeerIsAsked_IsNotGivenUp()
    {
        var answer = new TaskCompletionSource<bool>();
        using var watch = new SilenceWatch(Silence, _time, _ => answer.Task);
        watch.Begin();
        _time.Advance(Silence);

        watch.End(); // a byte came after all
        answer.SetResult(false);

        Assert.False(watch.GivenUp.IsCancellationRequested);
    }
}
