using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Lookup;

/// <summary>Known objects are used, revalidated and served stale according to the origin's fields.</summary>
public sealed class FreshnessTests : IAsyncLifetime
{
    private static readonly OriginAnswer Honest = new() { Size = MiB };

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly FakeTimeProvider _time = new(Honest.LastModified!.Value.AddSeconds(4));
    private Engine _engine = null!;

    private ObjectId Film => _engine.At("/film");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _engine = new Engine(_origin, _time, ("Origin:Attempts", "1")); // pauses between attempts would need the clock
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Theory]
    [InlineData("max-age=60", true)]
    [InlineData("max-age=60, stale-if-error=30", true)]
    [InlineData("max-age=60, stale-if-error=5", false)]
    [InlineData("max-age=60, must-revalidate", false)]
    [InlineData("max-age=60, proxy-revalidate", false)]
    [InlineData("no-cache", false)]
    [InlineData("s-maxage=60", false)]
    public async Task Find_StaleAndOriginDown_ServesWhatIsKnownUnlessThatIsForbidden(string cacheControl, bool isServed)
    {
        _origin.Add("/film", Honest.WithHeader("Cache-Control", cacheControl));
        await _engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
        await _origin.RefuseAsync();
        _time.Advance(TimeSpan.FromSeconds(70));

        for (var i = 0; i < 2; i++)
        {
            var found = await FindAsync();
            Assert.Equal(isServed ? ProxyError.None : ProxyError.OriginUnreachable, found.Error);
        }
    }

    [Fact]
    public async Task Find_StaleForLongerThanStaleOnError_Fails()
    {
        _origin.Add("/film", Honest.WithHeader("Cache-Control", "max-age=60"));
        await _engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
        await _origin.RefuseAsync();

        _time.Advance(TimeSpan.FromDays(7));
        Assert.Equal(ProxyError.None, (await FindAsync()).Error);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(ProxyError.OriginUnreachable, (await FindAsync()).Error);
    }

    [Theory]
    [InlineData("private")]
    [InlineData("no-store")]
    [InlineData("max-age=600; no-store")]
    public async Task Find_304ForbidsSharing_EndsIt(string cacheControl)
    {
        var film = _origin.Add("/film", Honest.WithHeader("Cache-Control", "max-age=60"));
        await _engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
        film.Answer = Honest.WithHeader("Cache-Control", cacheControl);
        _time.Advance(TimeSpan.FromSeconds(61));

        Assert.True((await FindAsync()).IsPassThrough);
        Assert.Equal(304, film.Requests[1].Status);

        film.Answer = new OriginAnswer { Status = HttpStatusCode.ServiceUnavailable };
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ProxyError.OriginFailed, (await FindAsync()).Error); // it is no longer known
    }

    [Theory]
    [InlineData(404, false)]
    [InlineData(410, false)]
    [InlineData(202, true)]
    [InlineData(203, true)]
    [InlineData(204, true)]
    [InlineData(302, true)]
    [InlineData(400, true)]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(405, true)]
    [InlineData(408, true)]
    [InlineData(412, true)]
    [InlineData(416, true)]
    [InlineData(429, true)]
    [InlineData(451, true)]
    [InlineData(500, true)]
    [InlineData(503, true)]
    [InlineData(599, true)]
    public async Task Find_RevalidationIsAnsweredBy_KeepsTheVersionUnlessTheObjectIsGone(int status, bool isKept)
    {
        var film = _origin.Add("/film", Honest.WithHeader("Cache-Control", "max-age=60"));
        await _engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
        var honest = film.Answer;
        film.Answer = new OriginAnswer { Status = (HttpStatusCode)status };
        _time.Advance(TimeSpan.FromSeconds(61));
        await FindAsync();

        film.Answer = honest;
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(ProxyError.None, (await FindAsync()).Error);

        Assert.Equal(isKept, film.Requests[^1]["If-None-Match"] is not null);
        Assert.Equal(isKept ? 304 : 206, film.Requests[^1].Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Find_UnchangedWithOtherFields_HasTheNewOnes(bool ignoresConditions)
    {
        var film = _origin.Add("/film", Honest.WithHeader("Cache-Control", "max-age=60").WithHeader("X-Word", "old"));
        var old = await _engine.FindAsync("/film", 0, Stop);
        film.Answer = (Honest with { IgnoresConditions = ignoresConditions }).WithHeader("Cache-Control", "max-age=120").WithHeader("X-Word", "new").WithHeader("Set-Cookie", "lb=1");
        _time.Advance(TimeSpan.FromSeconds(61));

        var found = await _engine.FindAsync("/film", 0, Stop);

        Assert.True(found.IsSameVersionAs(old));
        Assert.Equal(["max-age=120", "new"], found.Headers.EndToEnd.Where(field => field.Key is "Cache-Control" or "X-Word" or "Set-Cookie").Select(field => field.Value));
        Assert.Equal(_time.GetUtcNow().AddSeconds(120), found.Headers.FreshUntil);
    }

    [Fact]
    public async Task Find_WithinStaleWhileRevalidate_AnswersAtOnceAndAsksBeside()
    {
        var film = _origin.Add("/film", Honest.WithHeader("Cache-Control", "max-age=60, stale-while-revalidate=30"));
        await _engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
        var gate = new Gate();
        film.Answer = film.Answer with { ETag = "\"v2\"", HoldAnswer = gate };
        _time.Advance(TimeSpan.FromSeconds(70));

        Assert.Equal("\"v1\"", (await FindAsync()).Version!.Headers.ETag);
        await gate.WhenReachedAsync(Stop);
        Assert.Equal("\"v1\"", (await FindAsync()).Version!.Headers.ETag);
        gate.Open();
        await UntilFoundAsync("\"v2\"").WaitAsync(Patience.Limit, Stop);

        Assert.Equal(2, film.Requests.Count);
    }

    [Fact]
    public async Task Find_NothingSaidAndChangedSecondsAgo_IsAskedAgainWithinASecond()
    {
        var playlist = _origin.Add("/film", Honest);
        Assert.Equal("\"v1\"", (await FindAsync()).Version!.Headers.ETag);

        _time.Advance(TimeSpan.FromSeconds(1));
        playlist.Answer = Honest with { ETag = "\"v2\"" };

        Assert.Equal("\"v2\"", (await FindAsync()).Version!.Headers.ETag);
    }

    [Fact]
    public async Task Find_NothingSaidAndChangedAYearAgo_IsNotAskedAgainThatDay()
    {
        var film = _origin.Add("/film", Honest with { LastModified = Honest.LastModified!.Value.AddYears(-1) });
        await FindAsync();

        _time.Advance(TimeSpan.FromHours(23));
        await FindAsync();

        Assert.Single(film.Requests);
    }

    [Fact]
    public async Task Find_NothingSaidAndNoValidator_IsPassedThrough()
    {
        _origin.Add("/film", Honest with { ETag = null, LastModified = null });
        Assert.True((await FindAsync()).IsPassThrough);
    }

    [Fact]
    public async Task Read_NoValidatorAndOtherBytesOfTheSameSize_HasTheNewOnesOnceStale()
    {
        var film = _origin.Add("/film", (Honest with { ETag = null, LastModified = null, Size = 3 * MiB }).WithHeader("Cache-Control", "max-age=60"));
        await _engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        await film.WhenIdleAsync(Stop);
        await _engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        Assert.Equal(3 * MiB, film.BodyBytesSent);

        film.Answer = film.Answer with { Seed = 2 };
        _time.Advance(TimeSpan.FromSeconds(61));

        await _engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop, seed: 2);
    }

    [Fact]
    public async Task Read_CookieAndPrivateInTheMiddle_EveryByteComes()
    {
        var film = _origin.Add("/film", Honest with { Size = 6 * MiB });
        film.Script = request => request.Number == 1 ? film.Answer : film.Answer.WithHeader("Set-Cookie", $"lb={request.Number}").WithHeader("Cache-Control", "private");

        await _engine.ReadAsync("/film", ByteRange.Whole(6 * MiB), Stop);

        Assert.DoesNotContain((await FindAsync()).Version!.Headers.EndToEnd, field => field.Key == "Set-Cookie");
    }

    // The search in the background has no reader that the test could wait for.
    private async Task UntilFoundAsync(string etag)
    {
        while ((await FindAsync()).Version!.Headers.ETag != etag)
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<ObjectLookup> FindAsync() => await _engine.Reader.FindAsync(Film, 0, Stop).AsTask().WaitAsync(Patience.Limit, Stop);
}
