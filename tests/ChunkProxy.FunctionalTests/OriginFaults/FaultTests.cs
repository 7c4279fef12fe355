using System.Net;
using System.Text;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.OriginFaults;

/// <summary>An origin with faults: the client gets correct bytes or an error, never wrong or missing bytes with a clean end.</summary>
public sealed class FaultTests(FaultServers servers) : IClassFixture<FaultServers>
{
    private const int Size = 3_500_000; // four chunks of 1 MiB, the last one shorter

    private static int _paths;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private ScriptedOrigin Origin => servers.One.Origin;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task DropsMidBodyOnce_ReadGoesOnFromTheByteReached(bool byReset)
    {
        var film = Film(it => it);
        film.Script = request => request.Number == 1 ? film.Answer with { DropAfter = 300_000, DropsByReset = byReset } : film.Answer;

        await servers.One.VerifyAsync(film, Now);

        // Bytes that a reset discarded in the kernel count as sent, and must be sent again.
        Assert.InRange(film.BytesSentAgain, 0, byReset ? 300_000 : 0);
        Assert.True(film.Requests.Count >= 2);
    }

    [Fact]
    public async Task DropsEveryAnswerAfterSomeBytes_ReadStillEnds()
    {
        var film = Film(it => it with { DropAfter = 700_001 });

        await servers.One.VerifyAsync(film, Now);

        Assert.Equal(0, film.BytesSentAgain);
    }

    [Fact]
    public async Task DropsBeforeAnyByte_IsTriedAgain()
    {
        var film = Film(it => it);
        film.Script = request => request.Number == 1 ? film.Answer with { DropAfter = 0 } : film.Answer;

        await servers.One.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task DropsAlwaysBeforeAnyByte_ReadFailsAndTheNextOneTriesAgain()
    {
        var film = Film(it => it with { DropAfter = 0 });

        await AssertNoCleanEndAsync(film);
        film.Answer = film.Answer with { DropAfter = null };

        await servers.One.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task StallsMidBody_ReadGoesOnFromTheByteReached()
    {
        var film = Film(it => it);
        var never = new Gate();
        film.Script = request => request.Number == 1 ? film.Answer with { Stall = never, StallAfter = 200_000 } : film.Answer;

        await servers.One.VerifyAsync(film, Now);

        Assert.Equal(0, film.BytesSentAgain);
    }

    [Fact]
    public async Task AnswersNothing_Is504AndOthersAreServedMeanwhile()
    {
        var hung = Film(it => it with { HoldAnswer = new Gate() });
        var other = Film(it => it);

        var waiting = servers.One.Node.GetAsync(hung.Path, Now);
        await hung.Answer.HoldAnswer!.WhenReachedAsync(Now);
        await servers.One.VerifyAsync(other, Now);

        using var response = await waiting;
        await AssertErrorAsync(response, HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task HoldsItsHeadersBack_Is504()
    {
        var film = Film(it => it with { HoldHeaders = new Gate() });

        using var response = await servers.One.Node.GetAsync(film.Path, Now);

        await AssertErrorAsync(response, HttpStatusCode.GatewayTimeout);
    }

    [Fact]
    public async Task AnswersLate_IsServed()
    {
        var gate = new Gate();
        var film = Film(it => it with { HoldAnswer = gate });

        var reading = servers.One.VerifyAsync(film, Now);
        await gate.WhenReachedAsync(Now);
        gate.Open();

        await reading;
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.NotFound, HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Gone, HttpStatusCode.Gone)]
    [InlineData(HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized)]
    public async Task Fails_ClientSeesIt(HttpStatusCode atOrigin, HttpStatusCode atClient)
    {
        var film = Film(it => it with { Status = atOrigin });

        using var get = await servers.One.Node.GetAsync(film.Path, Now, 0, 99);
        using var head = await servers.One.Node.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, film.Path), Now);

        await AssertErrorAsync(get, atClient);
        Assert.Equal(atClient, head.StatusCode);
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Gone)]
    public async Task IsMissing_IsRememberedForAWhile(HttpStatusCode status)
    {
        var film = Film(it => it with { Status = status });

        for (var i = 0; i < 3; i++)
        {
            using var response = await servers.One.Node.GetAsync(film.Path, Now);
            await AssertErrorAsync(response, status);
        }

        Assert.Single(film.Requests);
    }

    [Fact]
    public async Task FailsOnce_IsNotRemembered()
    {
        var film = Film(it => it with { Status = HttpStatusCode.InternalServerError });
        using (var response = await servers.One.Node.GetAsync(film.Path, Now))
        {
            await AssertErrorAsync(response, HttpStatusCode.InternalServerError);
        }

        film.Answer = film.Answer with { Status = null };

        await servers.One.VerifyAsync(film, Now);
    }

    [Fact]
    public async Task FailsMidObject_ReadBreaksOffAndTheNextOneTriesAgain()
    {
        var film = Film(it => it);
        film.Script = request => request.Range?.StartsWith("bytes=0-", StringComparison.Ordinal) == true && request.Number == 1
            ? film.Answer with { DropAfter = 100_000 }
            : film.Answer with { Status = HttpStatusCode.InternalServerError };

        await AssertNoCleanEndAsync(film);
        film.Script = _ => film.Answer;

        await servers.One.VerifyAsync(film, Now);
    }

    [Theory]
    [InlineData("bytes 1-100/3500000")] // not where it was asked to start
    [InlineData("bytes 100-1/3500000")]
    [InlineData("bytes 0-99/50")] // past its own end
    [InlineData("bytes */3500000")]
    [InlineData("items 0-99/3500000")]
    [InlineData("nonsense")]
    [InlineData("")]
    public async Task LiesInContentRange_IsRefused(string contentRange)
    {
        var film = Film(it => it with { ContentRange = contentRange });

        await AssertNoCleanEndAsync(film);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(-1)]
    [InlineData(-1000)]
    public async Task LiesInContentLength_NeverWrongBytes(int error)
    {
        var film = Film(it => it with { ContentLengthError = error });

        await AssertNoCleanEndAsync(film);
    }

    [Fact]
    public async Task SpeaksNoHttp_Is502()
    {
        var film = Film(it => it with { Raw = Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2\r\n") });

        using var response = await servers.One.Node.GetAsync(film.Path, Now);

        await AssertErrorAsync(response, HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task ClosesWithoutAnAnswer_Is502()
    {
        var film = Film(it => it with { Raw = ReadOnlyMemory<byte>.Empty });

        using var response = await servers.One.Node.GetAsync(film.Path, Now);

        await AssertErrorAsync(response, HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task IgnoresRange_EveryRangeIsRightAndTheObjectIsReadOnce()
    {
        var film = Film(it => it with { IgnoresRange = true });

        await servers.One.VerifyAsync(film, 3_000_000, 400_000, Now);
        await film.WhenIdleAsync(Now);
        await servers.One.VerifyAsync(film, Now);
        await servers.One.VerifyAsync(film, 1_048_570, 100, Now);

        Assert.InRange(film.BodyBytesSent, Size, Size + Size);
    }

    [Fact]
    public async Task RefusesHead_HeadIsAnswered()
    {
        var film = Film(it => it with { RefusesHead = true });

        using var response = await servers.One.Node.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, film.Path), Now);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Size, response.Content.Headers.ContentLength);
    }

    internal static async Task AssertErrorAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        Assert.InRange((await response.Content.ReadAsStringAsync(Now)).Length, 1, 500);
    }

    private ScriptedObject Film(Func<OriginAnswer, OriginAnswer> with)
    {
        var number = Interlocked.Increment(ref _paths);
        return Origin.Add($"/fault{number}.mp4", with(new OriginAnswer { Size = Size, Seed = number }));
    }

    // Either an error status, or right bytes and then a broken connection. It may break before the head, which was written, has been sent.
    private async Task AssertNoCleanEndAsync(ScriptedObject film)
    {
        HttpResponseMessage? answer = null;
        if (await Record.ExceptionAsync(async () => answer = await servers.One.Node.GetAsync(film.Path, Now)) is { } broken)
        {
            Assert.IsAssignableFrom<IOException>(Assert.IsType<HttpRequestException>(broken).InnerException);
            return;
        }

        using var response = answer!;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            await AssertErrorAsync(response, HttpStatusCode.BadGateway);
            return;
        }

        await Assert.ThrowsAnyAsync<IOException>(
            async () => await TestData.VerifyAsync(film.Answer.Seed, 0, Size, await response.Content.ReadAsStreamAsync(Now), Now));
    }
}
