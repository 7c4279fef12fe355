using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>Origins that omit what RFC 9110 leaves optional, and responses without information on the object.</summary>
public sealed class OriginsDifferTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.PreconditionFailed)]
    [InlineData(HttpStatusCode.NotImplemented)]
    [InlineData(HttpStatusCode.BadRequest)]
    public async Task Read_OriginCannotIfMatch_IsNoticedOnce(HttpStatusCode status)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 4 * MiB);
        film.Script = request => request["If-Match"] is null ? film.Answer : film.Answer with { Status = status };
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", ByteRange.Whole(4 * MiB), Stop);

        Assert.Single(film.Requests, request => request["If-Match"] is not null);
    }

    [Fact]
    public async Task Read_OriginCannotIfUnmodifiedSince_IsNoticedOnce()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 4 * MiB, ETag = null });
        film.Script = request => request["If-Unmodified-Since"] is null ? film.Answer : film.Answer with { Status = HttpStatusCode.PreconditionFailed };
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", ByteRange.Whole(4 * MiB), Stop);

        Assert.Single(film.Requests, request => request["If-Unmodified-Since"] is not null);
    }

    [Fact]
    public async Task Read_OriginCannotIfMatchAndTheObjectChanges_IsNoticedByTheValidators()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 4 * MiB);
        film.Script = request => request["If-Match"] is null ? film.Answer : film.Answer with { Status = HttpStatusCode.PreconditionFailed };
        await using var engine = new Engine(origin);
        var version = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(version, new ByteRange(0, 2 * MiB), Stop);

        film.Answer = film.Answer with { ETag = "\"v2\"", Seed = 2 };
        var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(version, new ByteRange(2 * MiB, 4 * MiB), Stop));

        Assert.Equal(ProxyError.VersionChanged, failure.Error);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(256 * KiB)]
    public async Task Read_PartsAreShorterThanAsked_TheRestIsAskedFor(long most)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Size = 100 * most, LongestPart = most });
        await using var engine = new Engine(origin, time: null, ("ChunkSize", "64KiB"));

        await engine.ReadAsync("/film", ByteRange.Whole(100 * most), Stop);
        await engine.ReadAsync("/film", new ByteRange((50 * most) + 7, 60 * most), Stop);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    public async Task Read_OneTransientAnswerBetweenGoodOnes_GoesOn(HttpStatusCode status)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 4 * MiB);
        film.Script = request => request.Number == 3 ? film.Answer with { Status = status } : film.Answer;
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", ByteRange.Whole(4 * MiB), Stop);

        Assert.Contains(film.Requests, request => request.Status == (int)status);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, 4)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 7)] // of two transient failures one counts, until they have lasted for a moment
    public async Task Read_OriginFailsAtEveryAttempt_EndsAfterThoseConfigured(HttpStatusCode status, int requests)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 4 * MiB);
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time, ("Origin:Backoff", "0"), ("Origin:ProbeInterval", "01:00:00"));
        var version = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(version, new ByteRange(0, MiB), Stop);
        await film.WhenIdleAsync(Stop);
        film.Answer = film.Answer with { Status = status };

        Assert.Equal(requests, await RequestsOfAReadAsync());
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(4, await RequestsOfAReadAsync());

        async Task<int> RequestsOfAReadAsync()
        {
            var before = film.Requests.Count;
            var failure = await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(version, new ByteRange(MiB, 2 * MiB), Stop));
            Assert.Equal(ProxyError.OriginFailed, failure.Error);
            return film.Requests.Count - before;
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.PreconditionFailed)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(null)] // nonsense: a part that was not asked for
    public async Task Find_RevalidationSaysNothingOfTheObject_NothingIsForgotten(HttpStatusCode? status)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 2 * MiB }.WithHeader("Cache-Control", "max-age=60"));
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);
        await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop);
        await engine.WhenFilledAsync(Stop);
        var sent = film.BodyBytesSent;

        time.Advance(TimeSpan.FromSeconds(61));
        var good = film.Answer;
        film.Answer = status is null ? good with { ETag = "\"v1\"", IgnoresConditions = true, ContentRange = "bytes 7-7/9" } : good with { Status = status };
        var during = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        film.Answer = good;
        time.Advance(TimeSpan.FromSeconds(61));
        await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop);

        var isHandedOn = status is HttpStatusCode.Forbidden or HttpStatusCode.Found;
        Assert.Equal((!isHandedOn, isHandedOn), (during.IsStale, during.Reply is not null));
        Assert.InRange(film.BodyBytesSent - sent, 0, 1000); // the chunks were there still
    }

    [Theory]
    [InlineData("unquoted", true)]
    [InlineData("unquoted", false)]
    [InlineData("W/\"weak\"", true)]
    [InlineData(null, true)]
    public async Task Read_NoStrongEntityTag_IsKept(string? etag, bool dated)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 3 * MiB, ETag = etag, LastModified = dated ? new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) : null });
        await using var engine = new Engine(origin);

        await engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);
        await engine.WhenFilledAsync(Stop);
        await engine.ReadAsync("/film", ByteRange.Whole(3 * MiB), Stop);

        Assert.Equal(3 * MiB, film.BodyBytesSent);
    }

    [Theory]
    [InlineData(3 * MiB, true)]
    [InlineData(1000, false)]
    public async Task Find_OnlyAWeakEntityTag_ChunksOfDifferentResponsesAreNotJoined(long size, bool isPassThrough)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Size = size, ETag = "W/\"weak\"", LastModified = null });
        await using var engine = new Engine(origin);

        Assert.Equal(isPassThrough, (await engine.Reader.FindAsync(engine.At("/film"), 0, Stop)).IsPassThrough);
    }

    [Fact]
    public async Task Read_ReplicasWithDifferentEntityTags_AreOneVersionWhereTheDateIsTrusted()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 4 * MiB);
        film.Script = request => film.Answer with { ETag = $"\"{request.Number % 2}\"" };
        await using var engine = new Engine(origin, time: null, ("Origin:TrustLastModified", "true"));

        await engine.ReadAsync("/film", ByteRange.Whole(4 * MiB), Stop);

        Assert.Null((await engine.FindAsync("/film", 0, Stop)).Headers.ETag);
    }

    [Fact]
    public async Task Find_FileHasBecomeEmpty_IsTheNewVersion()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 1000 }.WithHeader("Cache-Control", "max-age=60"));
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);
        await engine.FindAsync("/film", 0, Stop);

        time.Advance(TimeSpan.FromSeconds(61));
        film.Answer = film.Answer with { Size = 0, ETag = "\"empty\"" };

        Assert.Equal(0, (await engine.FindAsync("/film", 0, Stop)).Size);
    }

    [Fact]
    public async Task Read_AnotherOriginWithTheSameDirectory_NeverServesTheFormersBytes()
    {
        var directory = Directory.CreateTempSubdirectory("chunkproxy-origins-");
        try
        {
            await using var one = ScriptedOrigin.Start();
            one.Add("/film", new OriginAnswer { Size = 2 * MiB, Seed = 1 });
            await using var two = ScriptedOrigin.Start();
            var film = two.Add("/film", new OriginAnswer { Size = 2 * MiB, Seed = 2 }); // the same validators, too
            (string, string)[] settings = [("Dir", directory.FullName), ("DiskSize", "64MiB")];

            await using (var engine = new Engine(one, time: null, settings))
            {
                await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop, seed: 1);
                await engine.WhenFilledAsync(Stop);
                await engine.Disk.WhenIdleAsync().WaitAsync(Stop);
            }

            await using (var engine = new Engine(two, time: null, settings))
            {
                await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop, seed: 2);
                await engine.Disk.WhenIdleAsync().WaitAsync(Stop);
            }

            await using (var engine = new Engine(one, time: null, settings))
            {
                var before = one.BodyBytesSent;
                await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop, seed: 1);
                Assert.Equal(before, one.BodyBytesSent); // cached bytes stay cached
            }
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task PassThrough_OriginFallsSilent_EndsAfterTheStallTimeout()
    {
        await using var origin = ScriptedOrigin.Start();
        var stall = new ChunkProxy.Testing.Signals.Gate();
        var live = origin.Add("/live", new OriginAnswer { Size = MiB, Chunked = true, Stall = stall, StallAfter = 5 });
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time, ("Origin:MaxConnections", "1"), ("Origin:PassThroughConnections", "0"));

        using (var answer = await engine.Reader.PassThroughAsync(engine.At("/live"), HttpMethod.Get, [], client: null, Stop))
        {
            var buffer = new byte[100];
            Assert.Equal(5, await answer.Body.ReadAtLeastAsync(buffer, 5, cancellationToken: Stop));
            var read = answer.Body.ReadAsync(buffer, Stop).AsTask();
            time.Advance(TimeSpan.FromSeconds(11));
            Assert.Equal(ProxyError.OriginTimedOut, (await Assert.ThrowsAsync<ChunkReadException>(() => read)).Error);
        }

        live.Answer = live.Answer with { Stall = null };
        using var next = await engine.Reader.PassThroughAsync(engine.At("/live"), HttpMethod.Get, [], client: null, Stop); // the one slot is free again
        await TestData.VerifyAsync(1, 0, MiB, next.Body, Stop);
    }
}
