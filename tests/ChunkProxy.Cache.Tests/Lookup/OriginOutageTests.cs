using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Origin;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Reads while the origin does not answer, or answers with failures.</summary>
public sealed class OriginOutageTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_OriginDown_FailsWithoutARequestAndCachedReadsGoOn()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var engine = new Engine(origin);
        var film = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(film, new ByteRange(0, MiB), Stop);
        await engine.WhenFilledAsync(Stop);
        await origin.RefuseAsync();
        await GoDownAsync(engine);
        var asked = engine.Metrics.OriginAnswers(OriginOutcome.Unreachable);

        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(film, new ByteRange(MiB, 2 * MiB), Stop));
        await engine.ReadAsync(film, new ByteRange(0, MiB), Stop);
        var other = await engine.Reader.FindAsync(engine.At("/other"), 0, Stop);

        Assert.Equal((ProxyError.OriginDown, ProxyError.OriginDown), (failure.Error, other.Error));
        Assert.Equal(asked, engine.Metrics.OriginAnswers(OriginOutcome.Unreachable));
        Assert.True(engine.Metrics.OriginAnswers(OriginOutcome.Down) >= 2);
    }

    [Fact]
    public async Task Read_OriginIsSilent_IsProbedAndOpensTheBreakerLongBeforeTheReadTimesOut()
    {
        await using var origin = ScriptedOrigin.Start();
        var (read, probe) = (new Gate(), new Gate());
        origin.Add("/film", new OriginAnswer { Size = MiB, HoldAnswer = read });
        origin.Add("/", new OriginAnswer { Size = 1, HoldAnswer = probe });
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);
        var opened = engine.OriginBreaker.WhenOpened();

        var waiting = engine.Reader.FindAsync(engine.At("/film"), 0, Stop).AsTask();
        await read.WhenReachedAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(2));
        await probe.WhenReachedAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(3));
        await opened.WaitAsync(Patience.Limit, Stop);

        Assert.Equal(ProxyError.OriginDown, (await engine.Reader.FindAsync(engine.At("/other"), 0, Stop)).Error);
        Assert.False(waiting.IsCompleted);
        read.Open();
        Assert.Equal(ProxyError.None, (await waiting).Error); // slow, and not dead
        probe.Open();
    }

    [Fact]
    public async Task Read_OriginIsBack_Succeeds()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", MiB);
        await using var engine = new Engine(origin, time: null, ("Origin:ProbeInterval", "00:00:00.01"));
        await origin.RefuseAsync();
        await GoDownAsync(engine);

        origin.Listen();
        await origin.UntilAsync(it => it.Requests.Any(request => request.Method == "HEAD"), "a probe", Stop);
        await UntilAsync(engine, ProxyError.None);

        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
    }

    // The origin comes back at each moment at which the read looks at the clock.
    [Fact]
    public async Task Find_OriginComesBackMeanwhile_IsNoOverload()
    {
        await using var origin = ScriptedOrigin.Start();
        var time = new InterruptedTime();
        await using var engine = new Engine(origin, time, ("Origin:ProbeInterval", "00:00:00.01"));
        for (var (moment, wasMet) = (1, true); wasMet; moment++)
        {
            var film = engine.At($"/film{moment}"); // no answer is remembered
            await origin.RefuseAsync();
            var opened = engine.OriginBreaker.WhenOpened();
            engine.OriginBreaker.Note(OriginOutcome.TimedOut, "it did not answer", TimeSpan.FromSeconds(5), film);
            await opened.WaitAsync(Patience.Limit, Stop);
            wasMet = false;
            time.InterruptAt(moment, () =>
            {
                wasMet = true;
                origin.Listen();
                SpinWait.SpinUntil(() => !engine.OriginBreaker.IsOpen, Patience.Limit);
            });

            var found = await engine.Reader.FindAsync(film, 0, Stop);

            Assert.True(found.Error is ProxyError.OriginDown or ProxyError.NotFound, $"{found.Error} at moment {moment}");
            Assert.Equal(!wasMet, engine.OriginBreaker.IsOpen);
            Assert.True(wasMet || moment > 2, "the read does not look at the clock");
        }
    }

    [Fact]
    public async Task Read_OwnerCannotReachTheOrigin_TheFrontEndDoesNotRepeatIt()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var cluster = await TestCluster.StartAsync(origin, 2, Stop);
        var front = cluster.AddFrontEnd();
        await origin.RefuseAsync();

        var found = await front.Reader.FindAsync(front.At("/film"), 0, Stop);

        Assert.Equal(ProxyError.OriginUnreachable, found.Error);
        Assert.Equal(0, front.Metrics.OriginAnswers(OriginOutcome.Unreachable));
        Assert.Equal(4, cluster.Nodes.Sum(node => node.Engine.Metrics.OriginAnswers(OriginOutcome.Unreachable)));
    }

    [Fact]
    public async Task Read_OnlyTheOwnerCannotReachTheOrigin_TheFrontEndReadsThere()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var gone = ScriptedOrigin.Start();
        await gone.RefuseAsync();
        await using var cluster = await TestCluster.StartAsync(gone, 2, Stop, ("OriginName", "one"));
        var front = cluster.AddFrontEnd(("Url", origin.BaseAddress.ToString()));

        await front.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);

        Assert.True(front.Metrics.ReadsFrom(ChunkSource.Origin) > 0);
    }

    [Fact]
    public async Task Read_OriginAnswers503ToHalfOfTheRequestsForChunks_IsComplete()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 20 * MiB);
        film.Script = request => request.Number % 2 == 0 ? film.Answer with { Status = System.Net.HttpStatusCode.ServiceUnavailable } : film.Answer;
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", ByteRange.Whole(20 * MiB), Stop);
    }

    [Fact]
    public async Task Find_OriginAnswers503AFewTimes_IsTriedAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", MiB);
        film.Script = request => request.Number < 4 ? film.Answer with { Status = System.Net.HttpStatusCode.ServiceUnavailable } : film.Answer;
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
    }

    [Fact]
    public async Task Find_OriginHasAnswered503ForLongerThanAMoment_IsAskedOnceForEachClient()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Size = MiB, Status = System.Net.HttpStatusCode.ServiceUnavailable });
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time, ("Origin:Backoff", "0"), ("Origin:ProbeInterval", "01:00:00"));
        await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        var before = engine.Metrics.OriginAnswers(OriginOutcome.Failed);
        Assert.InRange(before, 4, 8);
        time.Advance(TimeSpan.FromSeconds(3));

        await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal(before + 1, engine.Metrics.OriginAnswers(OriginOutcome.Failed));
    }

    [Fact]
    public async Task Find_OriginTakesLongToAnswer504_IsNotTriedAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        var gate = new Gate();
        var film = origin.Add("/film", new OriginAnswer { Size = MiB, Status = System.Net.HttpStatusCode.GatewayTimeout, HoldAnswer = gate });
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time, ("Origin:Backoff", "0"));

        var finding = engine.Reader.FindAsync(engine.At("/film"), 0, Stop).AsTask();
        await gate.WhenReachedAsync(Stop);
        time.Advance(TimeSpan.FromSeconds(3));
        gate.Open();

        Assert.Equal(504, (await finding.WaitAsync(Patience.Limit, Stop)).OriginStatus);
        Assert.Single(film.Requests);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Find_OriginAnswersWithAnotherFailure_IsNotTriedAgain(int status)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = MiB, Status = (System.Net.HttpStatusCode)status });
        await using var engine = new Engine(origin);

        Assert.Equal(status, (await engine.Reader.FindAsync(engine.At("/film"), 0, Stop)).OriginStatus);

        Assert.Single(film.Requests);
    }

    [Fact]
    public async Task Find_OriginAsksToRetryMuchLater_IsNotTriedAgain()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = MiB, Status = System.Net.HttpStatusCode.ServiceUnavailable }.WithHeader("Retry-After", "30"));
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal((ProxyError.OriginFailed, 503), (found.Error, found.OriginStatus));
        Assert.Single(film.Requests);
    }

    private static Task GoDownAsync(Engine engine) => UntilAsync(engine, ProxyError.OriginDown);

    // Every read is a new attempt of the process to ask the origin, or its refusal to do so.
    private static async Task UntilAsync(Engine engine, ProxyError error)
    {
        while ((await engine.Reader.FindAsync(engine.At("/film?again"), 0, Stop)).Error is var said && said != error)
        {
            Assert.NotEqual(ProxyError.Overloaded, said);
            if (said is ProxyError.NotFound)
            {
                return;
            }
        }
    }

    /// <summary>The clock of the system. Runs an action at the n-th look of the caller's flow of calls.</summary>
    private sealed class InterruptedTime : TimeProvider
    {
        private readonly AsyncLocal<Action?> _look = new();

        public void InterruptAt(int look, Action action)
        {
            var looks = 0;
            _look.Value = () =>
            {
                if (Interlocked.Increment(ref looks) == look)
                {
                    action();
                }
            };
        }

        public override long GetTimestamp()
        {
            _look.Value?.Invoke();
            return base.GetTimestamp();
        }
    }
}
