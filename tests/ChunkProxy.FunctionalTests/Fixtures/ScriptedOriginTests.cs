using System.Net;
using System.Text;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.FunctionalTests.Fixtures;

public sealed class ScriptedOriginTests : IAsyncDisposable
{
    private const long Size = 1_000_000;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private readonly HttpClient _client = new();
    private readonly ScriptedObject _film;

    public ScriptedOriginTests()
    {
        _client.BaseAddress = _origin.BaseAddress;
        _film = _origin.Add("/film", Size, seed: 5);
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=100-", 100, Size - 100)]
    [InlineData("bytes=-7", Size - 7, 7)]
    [InlineData("bytes=999999-2000000", 999_999, 1)]
    public async Task Get_OneRange_IsAnswered206WithItsBytes(string range, long start, long length)
    {
        using var response = await SendAsync(("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal($"bytes {start}-{start + length - 1}/{Size}", response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(length, response.Content.Headers.ContentLength);
        await VerifyAsync(response, start, length);
        Assert.Equal(range, Assert.Single(_film.Requests).Range);
    }

    [Theory]
    [InlineData("bytes=1000000-")]
    [InlineData("bytes=-0")]
    public async Task Get_RangePastTheEnd_IsAnswered416(string range)
    {
        using var response = await SendAsync(("Range", range));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal($"bytes */{Size}", response.Content.Headers.ContentRange!.ToString());
    }

    [Theory]
    [InlineData("If-Match", "\"v1\"", 206)]
    [InlineData("If-Match", "\"v2\"", 412)]
    [InlineData("If-Match", "W/\"v1\"", 412)]
    [InlineData("If-None-Match", "\"v1\"", 304)]
    [InlineData("If-None-Match", "W/\"v1\"", 304)]
    [InlineData("If-None-Match", "\"v2\"", 206)]
    [InlineData("If-Range", "\"v1\"", 206)]
    [InlineData("If-Range", "\"v2\"", 200)]
    [InlineData("If-Range", "Fri, 02 Jan 2026 03:04:05 GMT", 206)]
    [InlineData("If-Range", "Fri, 02 Jan 2026 03:04:04 GMT", 200)]
    [InlineData("If-Modified-Since", "Fri, 02 Jan 2026 03:04:05 GMT", 304)]
    [InlineData("If-Modified-Since", "Fri, 02 Jan 2026 03:04:04 GMT", 206)]
    [InlineData("If-Unmodified-Since", "Fri, 02 Jan 2026 03:04:04 GMT", 412)]
    public async Task Get_Condition_IsHonoured(string name, string value, int status)
    {
        using var response = await SendAsync(("Range", "bytes=1-5"), (name, value));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Get_DropsAfterBytes_ClientSeesThoseAndThenAnEndTooSoon()
    {
        _film.Script = request => request.Number == 1 ? _film.Answer with { DropAfter = 12_345 } : _film.Answer;

        using var dropped = await SendAsync();
        await using var body = await dropped.Content.ReadAsStreamAsync(Now);
        var head = new byte[12_345];
        await body.ReadExactlyAsync(head, Now);

        TestData.Verify(5, 0, head);
        await Assert.ThrowsAsync<HttpIOException>(async () => await body.ReadExactlyAsync(new byte[1], Now));

        using var whole = await SendAsync();
        await VerifyAsync(whole, 0, Size);
        Assert.Equal([12_345, Size], _film.Requests.Select(request => request.BodyBytesSent));
    }

    [Fact]
    public async Task Get_Stalls_SendsNothingMoreUntilTheGateOpens()
    {
        var gate = new Gate();
        _film.Answer = _film.Answer with { Stall = gate, StallAfter = 1000 };

        using var response = await SendAsync();
        await gate.WhenReachedAsync(Now);
        Assert.Equal(1000, _film.BodyBytesSent);

        gate.Open();
        await VerifyAsync(response, 0, Size);
    }

    [Fact]
    public async Task Get_ClientLeavesAtAStall_TheAnswerEnds()
    {
        var gate = new Gate();
        _film.Answer = _film.Answer with { Stall = gate };
        using (await SendAsync())
        {
            await gate.WhenReachedAsync(Now);
        }

        await _film.WhenIdleAsync(Now);

        Assert.Equal(0, _film.BodyBytesSent);
    }

    [Fact]
    public async Task Get_Chunked_HasNoLengthAndAllBytes()
    {
        _film.Answer = _film.Answer with { Chunked = true };

        using var response = await SendAsync();

        Assert.Null(response.Content.Headers.ContentLength);
        await VerifyAsync(response, 0, Size);
    }

    [Fact]
    public async Task Get_LengthTooLong_TheEndComesTooSoon()
    {
        _film.Answer = _film.Answer with { ContentLengthError = 1 };

        using var response = await SendAsync();

        await Assert.ThrowsAsync<HttpIOException>(() => response.Content.ReadAsStream(Now).CopyToAsync(Stream.Null, Now));
    }

    [Fact]
    public async Task Get_Raw_IsSentAsItIs()
    {
        _film.Answer = _film.Answer with { Raw = Encoding.ASCII.GetBytes("SSH-2.0-OpenSSH_9.2\r\n") };

        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync());
    }

    [Fact]
    public async Task Refuse_ThenListen_ConnectsAgain()
    {
        await _origin.RefuseAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync());

        _origin.Listen();
        using var response = await SendAsync();

        await VerifyAsync(response, 0, Size);
    }

    [Fact]
    public async Task Get_PathNeverAdded_Is404AndRecorded()
    {
        using var response = await _client.GetAsync(new Uri("/nothing?here", UriKind.Relative), Now);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("/nothing?here", Assert.Single(_origin.Requests).Path);
    }

    [Fact]
    public async Task Get_KeepAlive_OneConnectionCarriesAll()
    {
        for (var i = 0; i < 5; i++)
        {
            using var response = await SendAsync(("Range", "bytes=0-99"));
            await VerifyAsync(response, 0, 100);
        }

        Assert.Equal(1, _origin.Connections);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _origin.DisposeAsync();
    }

    private static async Task VerifyAsync(HttpResponseMessage response, long start, long length) =>
        await TestData.VerifyAsync(5, start, length, await response.Content.ReadAsStreamAsync(Now), Now);

    private async Task<HttpResponseMessage> SendAsync(params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/film");
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Now);
    }
}
