using System.Net;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>Uncacheable responses are passed through. Unusual but valid responses are cached.</summary>
[Collection(SharedNodesCollection.Name)]
public sealed class UncacheableTests(SharedNodes nodes) : IAsyncLifetime
{
    private const int Size = 2_500_000;

    private OneNode _one = null!;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _one = await nodes.GetAsync("-size-c 1MiB", Now);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("no-store")]
    [InlineData("private")]
    [InlineData("private, max-age=60")]
    public async Task MayNotBeKept_GoesThroughEachTime(string cacheControl)
    {
        var film = Film(it => it.WithHeader("Cache-Control", cacheControl));

        await _one.VerifyAsync(film, Now);
        var requests = film.Requests.Count;
        await _one.VerifyAsync(film, Now);
        await _one.VerifyAsync(film, 1_000_000, 1_000, Now);

        Assert.True(film.Requests.Count >= requests + 2, string.Join('\n', film.Requests));
    }

    [Fact]
    public async Task HasNoLength_GoesThroughEachTime()
    {
        var film = Film(it => it with { Chunked = true, IgnoresRange = true });

        await _one.VerifyAsync(film, Now);
        await _one.VerifyAsync(film, Now);

        Assert.True(film.Requests.Count >= 2);
    }

    [Fact]
    public async Task SendsItsPartsChunked_BytesAreRight()
    {
        var film = Film(it => it with { Chunked = true });

        await _one.VerifyAsync(film, Now);
        await _one.VerifyAsync(film, 1_048_000, 2_000, Now);
    }

    [Fact]
    public async Task IsEncodedThoughIdentityWasAskedFor_IsKeptWithItsEncoding()
    {
        var film = Film(it => it.WithHeader("Content-Encoding", "br"));

        using var response = await _one.Node.GetAsync(film.Path, Now);

        Assert.Equal(["br"], response.Content.Headers.ContentEncoding);
        await TestData.VerifyAsync(film.Answer.Seed, 0, Size, await response.Content.ReadAsStreamAsync(Now), Now);
        await film.WhenIdleAsync(Now);

        using var again = await _one.Node.GetAsync(film.Path, Now);
        Assert.Equal(["br"], again.Content.Headers.ContentEncoding);
        await TestData.VerifyAsync(film.Answer.Seed, 0, Size, await again.Content.ReadAsStreamAsync(Now), Now);
        Assert.Equal(Size, film.BodyBytesSent);
    }

    [Fact]
    public async Task AsksForIdentity_SoThatOffsetsMeanTheObjectsBytes()
    {
        var film = Film(it => it);

        using var request = new HttpRequestMessage(HttpMethod.Get, film.Path);
        request.Headers.AcceptEncoding.ParseAdd("gzip, br");
        using var response = await _one.Node.Client.SendAsync(request, Now);
        await TestData.VerifyAsync(film.Answer.Seed, 0, Size, await response.Content.ReadAsStreamAsync(Now), Now);

        Assert.All(film.Requests, asked => Assert.Equal("identity", asked["Accept-Encoding"]));
    }

    [Theory]
    [InlineData("W/\"weak\"", true)]
    [InlineData("unquoted", true)]
    [InlineData("unquoted", false)]
    [InlineData(null, true)]
    [InlineData(null, false)]
    public async Task HasWeakOrNoValidators_IsKept(string? etag, bool dated)
    {
        var film = Film(it => (it with { ETag = etag, LastModified = dated ? it.LastModified : null }).WithHeader("Cache-Control", "max-age=600"));

        await _one.VerifyAsync(film, Now);
        await film.WhenIdleAsync(Now);
        await _one.VerifyAsync(film, 1_048_570, 100, Now);
        await _one.VerifyAsync(film, Now);

        Assert.Equal(Size, film.BodyBytesSent);
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.TemporaryRedirect)]
    [InlineData(HttpStatusCode.PermanentRedirect)]
    public async Task IsElsewhere_IsFollowed(HttpStatusCode status)
    {
        var film = Film(it => it);
        var signpost = Film(it => (it with { Status = status }).WithHeader("Location", film.Path));

        using var response = await _one.Node.GetAsync(signpost.Path, Now, 1_000, 2_000_999);

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        await TestData.VerifyAsync(film.Answer.Seed, 1_000, 2_000_000, await response.Content.ReadAsStreamAsync(Now), Now);
    }

    [Fact]
    public async Task IsElsewhereInARing_Is502AfterAFewTries()
    {
        var ring = Film(it => it with { Status = HttpStatusCode.Found });
        ring.Answer = ring.Answer.WithHeader("Location", ring.Path);

        using var response = await _one.Node.GetAsync(ring.Path, Now);

        await FaultTests.AssertErrorAsync(response, HttpStatusCode.BadGateway);
        Assert.InRange(ring.Requests.Count, 2, 30);
    }

    private ScriptedObject Film(Func<OriginAnswer, OriginAnswer> with)
    {
        var number = SharedNodes.FreshNumber();
        return _one.Origin.Add($"/film-{number}.mp4", with(new OriginAnswer { Size = Size, Seed = number }));
    }
}
