using ChunkProxy.Cache.Peers.Health;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Reads;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Peers.Health;

public sealed class ProgressWatchTests : IDisposable
{
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ProgressWatch _watch;
    private Func<ProbeResult> _result = () => ProbeResult.Alive;
    private int _asked;
    private double _leastRate = 16 * 1024;

    public ProgressWatchTests() => _watch = Create(_ =>
    {
        _asked++;
        return Task.FromResult(_result());
    });

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void Begin_NothingComesAndThePeerIsDead_IsGivenUpAfterTheSilence()
    {
        _result = () => ProbeResult.NoAnswer;
        _watch.Begin();

        _time.Advance(Silence - Moment);
        Assert.Equal(0, _asked);
        Assert.False(_watch.Abandoned.IsCancellationRequested);
        _time.Advance(Moment);
        Assert.Equal(1, _asked);
        Assert.True(_watch.Abandoned.IsCancellationRequested);
        Assert.Equal(PeerReadOutcome.Silent, _watch.Verdict);
    }

    [Fact]
    public void Begin_NothingComesAndThePeerLives_IsAskedAfterEachSilenceAndGivenUpAfterTheStallTimeout()
    {
        _watch.Begin();

        for (var i = 1; i <= 5; i++)
        {
            _time.Advance(Silence);
            Assert.Equal(i, _asked);
            Assert.False(_watch.Abandoned.IsCancellationRequested);
        }

        _time.Advance(Silence);
        Assert.True(_watch.Abandoned.IsCancellationRequested);
        Assert.Equal(PeerReadOutcome.Stalled, _watch.Verdict);
    }

    [Fact]
    public void Begin_NothingComesWhileThePeerWaitsForOthers_IsWaitedForWithoutLimit()
    {
        _result = () => ProbeResult.WaitsForOthers;
        _watch.Begin();

        for (var i = 0; i < 1000; i++)
        {
            _time.Advance(Silence);
        }

        Assert.Equal(1000, _asked);
        Assert.False(_watch.Abandoned.IsCancellationRequested);
    }

    [Fact]
    public void Begin_ThePeerWaitsForOthersNoMore_HasTheStallTimeoutFromThen()
    {
        _result = () => ProbeResult.WaitsForOthers;
        _watch.Begin();
        _time.Advance(Silence * 20);

        _result = () => ProbeResult.Alive;
        Advance(StallTimeout - Moment);
        Assert.False(_watch.Abandoned.IsCancellationRequested);
        Advance(Silence);
        Assert.Equal(PeerReadOutcome.Stalled, _watch.Verdict);
    }

    [Fact]
    public void Begin_StandsStillAfterMuchHasCome_IsGivenUpAfterTheStallTimeout()
    {
        Read(TimeSpan.FromMilliseconds(10), count: 10_000_000);
        _watch.Begin();

        Advance(StallTimeout - Moment);
        Assert.False(_watch.Abandoned.IsCancellationRequested);
        Advance(Silence);
        Assert.Equal(PeerReadOutcome.Stalled, _watch.Verdict);
    }

    [Fact]
    public void Read_ByteByByte_IsGivenUpAfterTheStallTimeout()
    {
        for (var read = 0; read < 7; read++)
        {
            Read(Silence * 0.8, count: 1);
            Assert.False(_watch.Abandoned.IsCancellationRequested);
        }

        Read(Silence * 0.8, count: 1);
        Assert.Equal(PeerReadOutcome.Stalled, _watch.Verdict);
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void Read_WhatWasBorneUntilOthersDeliverMore_IsGivenUpThen()
    {
        for (var read = 0; read < 20; read++)
        {
            Read(Silence - Moment, count: 64 * 1024);
        }

        Assert.False(_watch.Abandoned.IsCancellationRequested);
        _leastRate = 1024 * 1024;
        for (var read = 0; read < 20; read++)
        {
            Read(Silence - Moment, count: 64 * 1024);
        }

        Assert.Equal(PeerReadOutcome.Stalled, _watch.Verdict);
    }

    [Fact]
    public void Arrived_BytesThatNoReadWaitedFor_CountForThePeer()
    {
        _leastRate = 100 * 1024;

        for (var read = 0; read < 50; read++)
        {
            Read(Silence - Moment, count: 10 * 1024);
            _watch.Arrived(90 * 1024);
        }

        Assert.False(_watch.Abandoned.IsCancellationRequested);
        Assert.Equal(50 * 100 * 1024, _watch.Received);
    }

    [Theory]
    [InlineData(10 * 1024, true)] // 16 KiB/s are required; the read pending at the check has received nothing
    [InlineData(6 * 1024, false)]
    public void Read_ATrickle_IsBorneIfItIsTheMinRate(int halfSecond, bool isBorne)
    {
        for (var read = 0; read < 50; read++)
        {
            Read(Silence - Moment, halfSecond);
        }

        Assert.Equal(isBorne, !_watch.Abandoned.IsCancellationRequested);
    }

    [Fact]
    public void Read_ByteByByteWhileThePeerWaitsForOthers_IsBorne()
    {
        _result = () => ProbeResult.WaitsForOthers;

        for (var read = 0; read < 200; read++)
        {
            Read(Silence * 0.8, count: 1);
        }

        Assert.False(_watch.Abandoned.IsCancellationRequested);
        Assert.True(_asked > 0);
    }

    [Fact]
    public void Read_ByAReaderWhoTakesHisTime_TheTimeBetweenReadsDoesNotCount()
    {
        for (var read = 0; read < 200; read++)
        {
            Read(Moment, count: 100);
            _time.Advance(StallTimeout);
        }

        Assert.Equal(0, _asked);
        Assert.False(_watch.Abandoned.IsCancellationRequested);
    }

    [Fact]
    public void Begin_ManyReadsEachShorterThanTheSilence_NobodyIsAsked()
    {
        for (var i = 0; i < 50; i++)
        {
            Read(Silence / 3, count: 64 * 1024);
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
        _watch.End(1);
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
        var answer = new TaskCompletionSource<ProbeResult>();
        using var watch = Create(_ => answer.Task);
        watch.Begin();
        _time.Advance(Silence);

        watch.End(1); // a byte came after all
        answer.SetResult(ProbeResult.NoAnswer);

        Assert.False(watch.Abandoned.IsCancellationRequested);
    }

    [Fact]
    public void GiveUp_ByTheReader_IsNoVerdictOnThePeer()
    {
        _watch.Begin();

        _watch.Abandon();

        Assert.True(_watch.Abandoned.IsCancellationRequested);
        Assert.Null(_watch.Verdict);
    }

    private ProgressWatch Create(Func<CancellationToken, Task<ProbeResult>> probe) =>
        new(new PeerOptions { Silence = Silence, StallTimeout = StallTimeout }, _time, probe, () => _leastRate);

    private void Read(TimeSpan takes, int count)
    {
        _watch.Begin();
        _time.Advance(takes);
        _watch.End(count);
    }

    // Advances in steps: a timer set by a check fires within the same advance only if the clock stops at that time.
    private void Advance(TimeSpan time)
    {
        for (; time > Silence; time -= Silence)
        {
            _time.Advance(Silence);
        }

        _time.Advance(time);
    }
}
