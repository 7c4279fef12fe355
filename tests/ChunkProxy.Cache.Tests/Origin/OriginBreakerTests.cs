using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OriginAnswer = ChunkProxy.Testing.Scripted.OriginAnswer;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginBreakerTests : IAsyncDisposable
{
    private static readonly ObjectId Film = new("/film.mp4");
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly NotedTimeProvider _time = new();
    private readonly Recorder _log = new();
    private readonly OriginWire _wire;
    private readonly OriginHealth _health;
    private readonly OriginBreaker _breaker;

    public OriginBreakerTests()
    {
        var options = Options.Create(new OriginOptions());
        var messages = new OriginMessages(_origin.BaseAddress, "", new LoopMark(null), OriginRules.PublicOrigin);
        _wire = new OriginWire(_origin.BaseAddress, options, messages, _time);
        _health = new OriginHealth(_origin.BaseAddress, _time, new RecentEvents(_time), _log);
        _breaker = new OriginBreaker(new OriginProbe(_wire, messages, options, new SiteRules(origin: null, new CacheKeyRules(new CacheKeyOptions()), new FreshnessRules(new FreshnessOptions())), _time), _health, options, _time);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _breaker.Dispose();
        _wire.Dispose();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Note_NoResponseForLongAndNoneToTheProbe_OpensAndSaysSo()
    {
        var opened = _breaker.WhenOpened();
        await _origin.RefuseAsync();

        _breaker.Note(OriginOutcome.TimedOut, "it did not answer", Long, Film);
        await opened.WaitAsync(Patience.Limit, Stop);

        Assert.Equal((OriginOutcome.Down, ProxyError.OriginDown), (_breaker.Refusal!.Outcome, _breaker.Refusal.ToError()));
        Assert.Equal(
            $"{_origin.BaseAddress} unavailable since 2000-01-01 00:00:00Z (it did not answer); cached content is served, other reads fail at once", _health.Problem);
        Assert.Single(_log.Lines, line => line.Contains($"Check its URL ({_origin.BaseAddress})", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Note_NoResponseForLongButOneToTheProbe_StaysClosed()
    {
        _breaker.Note(OriginOutcome.TimedOut, "it did not answer", Long, Film);
        await _origin.UntilAsync(it => it.Requests.Count == 1, "the probe", Stop);

        Assert.False(await _breaker.IsFinalAsync(ProxyError.OriginDown, _breaker.Now, Stop)); // waits for that probe
        Assert.False(_breaker.IsOpen);
        Assert.Null(_health.Problem);
        Assert.Equal(("HEAD", "/"), (_origin.Requests[0].Method, _origin.Requests[0].Path));
    }

    [Fact]
    public async Task Note_ResponseWhileTheProbeFails_StaysClosed()
    {
        var hung = new Gate();
        _origin.Add("/", new OriginAnswer { Size = 1, HoldAnswer = hung });
        _breaker.Note(OriginOutcome.TimedOut, "it did not answer", Long, Film);
        await hung.WhenReachedAsync(Stop);
        var isFinal = _breaker.IsFinalAsync(ProxyError.OriginDown, _breaker.Now, Stop); // waits for that probe

        _breaker.Note(OriginOutcome.Part, "", TimeSpan.Zero, Film);
        await _origin.RefuseAsync();

        Assert.False(await isFinal.AsTask().WaitAsync(Patience.Limit, Stop));
        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public void Note_FailuresWithinAMoment_SendNoProbe()
    {
        for (var i = 0; i < 100; i++)
        {
            _breaker.Note(OriginOutcome.Unreachable, "no connection", TimeSpan.Zero, Film);
            _breaker.Note(OriginOutcome.Part, "", TimeSpan.Zero, Film);
            _time.Advance(TimeSpan.FromSeconds(1)); // the response in between ends each suspicion
        }

        Assert.Equal((0, false), (_origin.Connections, _breaker.IsOpen));
    }

    [Fact]
    public async Task Probe_OriginAnswersAgain_Closes()
    {
        var opened = _breaker.WhenOpened();
        await _origin.RefuseAsync();
        _breaker.Note(OriginOutcome.Unreachable, "no connection", Long, Film);
        await opened.WaitAsync(Patience.Limit, Stop);

        _origin.Listen();
        await ProbeAsync(timer: 2); // 0 and 1 limit the probe that opened the breaker
        await _log.WhenSaidAsync("Information: Origin available again", Stop);

        Assert.False(_breaker.IsOpen);
        Assert.Null(_breaker.Refusal);
        Assert.False(_breaker.Opened.IsCancellationRequested);
    }

    [Fact]
    public async Task Note_OnlyFailures_AreReportedUntilAProbeOfThatObjectSucceeds()
    {
        var film = _origin.Add("/film.mp4", new OriginAnswer { Size = 1000, Status = System.Net.HttpStatusCode.ServiceUnavailable });
        for (var i = 0; i < 3; i++)
        {
            _breaker.Note(OriginOutcome.Failed, "503", TimeSpan.Zero, Film);
        }

        Assert.Contains("(503); cached content is served, other reads are tried", _health.Problem, StringComparison.Ordinal);
        Assert.Null(_breaker.Refusal);
        film.Answer = film.Answer with { Status = null };
        await ProbeAsync(timer: 0);
        await _log.WhenSaidAsync("Information: Origin available again", Stop);
        Assert.Null(_health.Problem);
    }

    [Fact]
    public async Task IsFinal_AnotherMemberTimedOut_UnlessTheReadHasWaitedDependsOnTheProbe()
    {
        var askedAt = _breaker.Now;
        Assert.False(await _breaker.IsFinalAsync(ProxyError.OriginTimedOut, askedAt, Stop));

        _time.Advance(Long);
        Assert.True(await _breaker.IsFinalAsync(ProxyError.OriginTimedOut, askedAt, Stop));
        Assert.Single(_origin.Requests);
    }

    [Fact]
    public async Task IsFinal_ProbeWaitsForTheOrigin_OnlyTheFirstReadWaitsForIt()
    {
        var hung = new Gate();
        _origin.Add("/", new OriginAnswer { Size = 1, HoldAnswer = hung });

        var first = _breaker.IsFinalAsync(ProxyError.OriginDown, _breaker.Now, Stop).AsTask();
        await hung.WhenReachedAsync(Stop);
        await _time.DueOfAsync(2, Stop); // 0 and 1 limit the probe; 2 is the wait for it
        Assert.False(first.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await first);
        Assert.True(await _breaker.IsFinalAsync(ProxyError.OriginDown, _breaker.Now, Stop)); // without another second
        Assert.False(_breaker.IsOpen);
        hung.Open();
    }

    [Theory]
    [InlineData(ProxyError.OriginUnreachable)]
    [InlineData(ProxyError.OriginDown)]
    public async Task IsFinal_AnotherMemberCannotReachTheOrigin_DependsOnTheOwnProbe(ProxyError error)
    {
        Assert.False(await _breaker.IsFinalAsync(error, _breaker.Now, Stop));
        Assert.False(await _breaker.IsFinalAsync(error, _breaker.Now, Stop));
        Assert.Single(_origin.Requests); // one probe for both

        await _origin.RefuseAsync();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(await _breaker.IsFinalAsync(error, _breaker.Now, Stop));
        Assert.True(_breaker.IsOpen);
    }

    [Theory]
    [InlineData(ProxyError.OriginFailed, true)]
    [InlineData(ProxyError.NotFound, true)]
    [InlineData(ProxyError.OriginMisbehaved, false)]
    [InlineData(ProxyError.Overloaded, false)]
    public async Task IsFinal_OtherErrors_NeedNoProbe(ProxyError error, bool isFinal)
    {
        Assert.Equal(isFinal, await _breaker.IsFinalAsync(error, _breaker.Now, Stop));
        Assert.Equal(0, _origin.Connections);
    }

    // Ends the pause before the next probe, the clock's timer with that number.
    private async Task ProbeAsync(int timer)
    {
        Assert.Equal(TimeSpan.FromSeconds(1), await _time.DueOfAsync(timer, Stop));
        _time.Advance(TimeSpan.FromSeconds(1));
    }

    private sealed class Recorder : ILogger<OriginHealth>
    {
        private readonly ChangeSignal _changed = new();

        public ConcurrentQueue<string> Lines { get; } = new();

        public Task WhenSaidAsync(string start, CancellationToken cancellationToken) =>
            _changed.UntilAsync(() => Lines.Any(line => line.StartsWith(start, StringComparison.Ordinal)), start, cancellationToken);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            _changed.Raise();
        }
    }
}
