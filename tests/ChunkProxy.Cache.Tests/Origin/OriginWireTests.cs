using System.Net;
using System.Text;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Lookup;
using ChunkProxy.Testing.Scripted;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Origin;

/// <summary>Requests on the wire: their number, their destination, and which responses are accepted.</summary>
public sealed class OriginWireTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Find_OriginClosesWithoutAnAnswer_IsAskedAsOftenAsConfigured(int attempts)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", new OriginAnswer { Raw = ReadOnlyMemory<byte>.Empty });
        await using var engine = new Engine(origin, time: null, ("Origin:Attempts", $"{attempts}"));

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.Equal(ProxyError.OriginUnreachable, found.Error);
        Assert.Equal(attempts, film.Requests.Count);
    }

    [Fact]
    public async Task Read_OriginClosesWithoutAnAnswerAfterGoodOnes_IsAskedAsOftenAsConfigured()
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 2 * MiB);
        await using var engine = new Engine(origin);
        var version = await engine.FindAsync("/film", 0, Stop);
        await engine.ReadAsync(version, new ByteRange(0, MiB), Stop);
        await film.WhenIdleAsync(Stop);
        var before = film.Requests.Count;

        film.Answer = film.Answer with { Raw = ReadOnlyMemory<byte>.Empty }; // the connection that served is used again, and closed
        await Assert.ThrowsAsync<ChunkReadException>(() => engine.ReadAsync(version, new ByteRange(MiB, 2 * MiB), Stop));

        Assert.Equal(4, film.Requests.Count - before);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", "hello!")]
    [InlineData("Content-Length: 5, 6\r\n", "hello!")]
    [InlineData("Content-Length: five\r\n", "hello")]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n", "5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: sideways\r\n", "hello")]
    public async Task Find_ResponseOfUncertainLength_IsNoAnswer(string lines, string body)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Raw = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nETag: \"v1\"\r\n{lines}\r\n{body}") });
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);
        var passed = await Assert.ThrowsAsync<ChunkReadException>(() => engine.Reader.PassThroughAsync(engine.At("/film"), HttpMethod.Get, [], client: null, Stop).AsTask());

        Assert.Equal((ProxyError.OriginMisbehaved, null), (found.Error, found.Reply));
        Assert.Equal(ProxyError.OriginMisbehaved, passed.Error);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("media.example")]
    [InlineData("media.example:8443")]
    public async Task Read_OriginWithAHostOfItsOwn_IsAskedForIt(string? host)
    {
        await using var origin = ScriptedOrigin.Start();
        var film = origin.Add("/film", 2 * MiB);
        await using var engine = new Engine(origin, time: null, ("OriginHost", host ?? ""));

        await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop);
        await engine.Reader.PassThroughAsync(engine.At("/film"), HttpMethod.Options, [], client: null, Stop);

        Assert.True(film.Requests.Count > 1);
        Assert.All(film.Requests, request => Assert.Equal(host ?? origin.BaseAddress.Authority, request["Host"]));
        Assert.Equal(host is not null, engine.At("/film").Name.Contains("media.example", StringComparison.Ordinal)); // another host, other bytes
    }

    [Fact]
    public async Task Find_RedirectToAnotherPort_IsHandedOnAndNobodyIsAskedThere()
    {
        await using var other = ScriptedOrigin.Start();
        other.Add("/film", 100);
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Status = HttpStatusCode.Found }.WithHeader("Location", $"{other.BaseAddress}film"));
        await using var engine = new Engine(origin);

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        Assert.True(found.IsPassThrough);
        using var answer = found.Reply!.TryOpen(hasRange: false, hasConditions: false)!;
        Assert.Equal(302, answer.Status);
        Assert.Contains(new("Location", $"{other.BaseAddress}film"), answer.Headers);
        Assert.Equal(0, other.Connections);
    }

    [Fact]
    public async Task Find_RedirectToANamedHost_IsFollowed()
    {
        await using var other = ScriptedOrigin.Start();
        other.Add("/film", 2 * MiB);
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Status = HttpStatusCode.Found }.WithHeader("Location", $"{other.BaseAddress}film"));
        await using var engine = new Engine(origin, time: null, ("Origin:RedirectHosts", $"127.0.0.1:{other.Port}")); // on loopback, but so is the origin

        await engine.ReadAsync("/film", ByteRange.Whole(2 * MiB), Stop);
    }

    [Fact]
    public async Task Find_RedirectsArePassed_IsHandedOn()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", new OriginAnswer { Status = HttpStatusCode.MovedPermanently }.WithHeader("Location", "/films/film"));
        await using var engine = new Engine(origin, time: null, ("Origin:Redirects", "Pass"));

        var found = await engine.Reader.FindAsync(engine.At("/film"), 0, Stop);

        using var answer = found.Reply!.TryOpen(hasRange: false, hasConditions: false)!;
        Assert.Equal(301, answer.Status);
        Assert.Contains(new("Location", "/films/film"), answer.Headers);
    }
}
