using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Objects;

/// <summary>Look-ups of objects: errors, freshness, objects that cannot be cached, empty objects.</summary>
public sealed class ObjectFinderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.NotFound, ProxyError.NotFound)]
    [InlineData(HttpStatusCode.Gone, ProxyError.Gone)]
    [InlineData(HttpStatusCode.Forbidden, ProxyError.OriginRefused)]
    [InlineData(HttpStatusCode.InternalServerError, ProxyError.OriginFailed)]
    [InlineData(HttpStatusCode.ServiceUnavailable, ProxyError.OriginFailed)]
    public async Task Find_OriginSaysNo_IsNamed(HttpStatusCode status, ProxyError expected)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Status = status });
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal(expected, found.Error);
        Assert.Equal((int)status, found.OriginStatus);
        Assert.NotEmpty(found.Reason!);
    }

    [Fact]
    public async Task Find_NotFound_IsRememberedForItsLifetimeOnly()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Status = HttpStatusCode.NotFound });
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time, ("NotFoundLifetime", "00:00:05"));

        await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        Assert.Single(film.Requests);

        time.Advance(TimeSpan.FromSeconds(6));
        film.Answer = new OriginAnswer { Size = 100 };
        Assert.Equal(100, (await engine.FindAsync("/film", 0, Stop)).Size);
    }

    [Fact]
    public async Task Find_OriginRefusesConnections_FailsAfterBoundedTries()
    {
        await using var origin = ScriptedOrigin.Start();
        await using var engine = new Engine(origin);
        await origin.RefuseAsync();

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal(ProxyError.OriginUnreachable, found.Error);
    }

    [Fact]
    public async Task Find_StaleAndUnchanged_IsRevalidatedWithoutBytes()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = MiB }.WithHeader("Cache-Control", "max-age=60"));
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);
        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);

        time.Advance(TimeSpan.FromSeconds(61));
        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);

        Assert.Equal(2, film.Requests.Count);
        Assert.Equal(("\"v1\"", 304), (film.Requests[1]["If-None-Match"], film.Requests[1].Status));
    }

    [Fact]
    public async Task Find_StaleAndOriginDown_ServesWhatIsKnown()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Size = MiB }.WithHeader("Cache-Control", "max-age=60"));
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);
        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);

        await origin.RefuseAsync();
        time.Advance(TimeSpan.FromSeconds(61));

        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);
    }

    [Fact]
    public async Task Find_StaleAndChanged_FindsTheNewVersion()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = MiB, ETag = "\"one\"" }.WithHeader("Cache-Control", "max-age=60"));
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);
        await engine.ReadAsync("/film", ByteRange.Whole(MiB), Stop);

        time.Advance(TimeSpan.FromSeconds(61));
        film.Answer = new OriginAnswer { Size = 2 * MiB, ETag = "\"two\"", Seed = 9 };

        await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop, seed: 9);
    }

    [Theory]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Cache-Control", "private, max-age=5")]
    [InlineData("Vary", "*")]
    [InlineData("Set-Cookie", "a=b")]
    public async Task Find_MayNotBeKept_IsPassedThrough(string name, string value)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Size = MiB }.WithHeader(name, value));
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        Assert.True(found.IsPassThrough);

        using var answer = await engine.Reader.PassThroughAsync(engine.At("/film"), HttpMethod.Get, [new("Range", "bytes=5-99")], client: null, Stop);
        Assert.Equal((206, 95L), (answer.Status, answer.ContentLength));
        await TestData.VerifyAsync(1, 5, 95, answer.Body, Stop);
    }

    [Fact]
    public async Task Find_NoLength_IsPassedThrough()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Size = MiB, Chunked = true, IgnoresRange = true });
        await using var engine = new Engine(origin);

        Assert.True((await engine.Reader.FindAsync(engine.At("/film"), 0, Stop)).IsPassThrough);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task Find_EmptyObject_HasSizeZero(long firstByte)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/empty", 0);
        await using var engine = new Engine(origin);

        Assert.Equal(0, (await engine.FindAsync("/empty", firstByte, Stop)).Size);
    }

    [Theory]
    [InlineData(1_000_000_000, "1MiB")]
    [InlineData(long.MaxValue, "1MiB")]
    [InlineData(long.MaxValue, "3MiB")] // no power of two
    public async Task Find_FirstByteBeyondTheEnd_StillFindsTheVersion(long firstByte, string chunkSize)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 1000);
        await using var engine = new Engine(origin, null, ("ChunkSize", chunkSize), ("MemorySize", "64MiB"));

        Assert.Equal(1000, (await engine.FindAsync("/film", firstByte, Stop)).Size);
    }
}
