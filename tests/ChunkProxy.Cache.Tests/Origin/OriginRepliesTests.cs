using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using Microsoft.Extensions.Time.Testing;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>Responses of the origin that are forwarded to clients as they are.</summary>
public sealed class OriginRepliesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, "WWW-Authenticate", "Basic realm=\"x\"")]
    [InlineData(HttpStatusCode.Forbidden, "X-Reason", "tired")]
    [InlineData(HttpStatusCode.MethodNotAllowed, "Allow", "HEAD")]
    [InlineData(HttpStatusCode.ProxyAuthenticationRequired, "Proxy-Authenticate", "Basic realm=\"x\"")]
    [InlineData(HttpStatusCode.UpgradeRequired, "Upgrade", "TLS/1.2")]
    [InlineData(HttpStatusCode.TooManyRequests, "Retry-After", "120")]
    [InlineData(HttpStatusCode.ServiceUnavailable, "Retry-After", "120")]
    [InlineData(HttpStatusCode.NotFound, "X-Reason", "lost")]
    [InlineData(HttpStatusCode.NoContent, "X-Reason", "nothing")]
    [InlineData(HttpStatusCode.NonAuthoritativeInformation, "X-Reason", "changed")]
    public async Task Find_AnotherStatus_IsHandedOnWithItsFieldsAndBody(HttpStatusCode status, string name, string value)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Status = status }.WithHeader(name, value));
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        using var answer = found.Reply!.TryOpen(hasRange: false, hasConditions: false)!;
        using var body = new StreamReader(answer.Body);

        Assert.Equal((int)status, answer.Status);
        Assert.Contains(new(name, value), answer.Headers);
        Assert.Equal(status is HttpStatusCode.NoContent ? "" : $"scripted {(int)status}\n", await body.ReadToEndAsync(Stop));
        Assert.Single(film.Requests);
    }

    [Fact]
    public async Task Find_MayNotBeKept_IsHandedOnWithoutAskingTwice()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Size = 300 * KiB }.WithHeader("Cache-Control", "no-store"));
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        using var answer = found.Reply!.TryOpen(hasRange: false, hasConditions: false)!;

        Assert.Equal((200, 300L * KiB), (answer.Status, answer.ContentLength));
        await TestData.VerifyAsync(1, 0, 300 * KiB, answer.Body, Stop);
        Assert.Single(film.Requests);
    }

    [Theory]
    [InlineData("max-age=2", 3, 2)]
    [InlineData("max-age=60", 4, 1)]
    [InlineData("no-store", 0, 2)]
    public async Task Find_NotFound_IsRememberedNoLongerThanTheResponseAllows(string control, int seconds, int requests)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Status = HttpStatusCode.NotFound }.WithHeader("Cache-Control", control));
        var time = new FakeTimeProvider();
        await using var engine = new Engine(origin, time);

        await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        time.Advance(TimeSpan.FromSeconds(seconds));
        var again = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal((ProxyError.NotFound, requests == 1), (again.Error, !again.AskedOrigin));
        Assert.Equal(requests, film.Requests.Count);
    }

    [Fact]
    public async Task Find_StatusIsConfigured_IsRemembered()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Status = HttpStatusCode.Forbidden });
        await using var engine = new Engine(origin, new FakeTimeProvider(), ("Origin:KeptStatuses", "403"));

        await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        var again = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal(403, again.Reply!.Status);
        Assert.Single(film.Requests);
    }
}
