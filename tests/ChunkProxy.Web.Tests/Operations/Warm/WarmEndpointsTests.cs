using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;

namespace ChunkProxy.Web.Tests.Operations.Warm;

/// <summary><c>/_chunkproxy/warm</c> of a real process.</summary>
public sealed class WarmEndpointsTests : IAsyncLifetime
{
    private const string Key = "sesame-sesame-sesame";
    private const int Chunk = 64 * 1024;
    private const int Size = (9 * Chunk) + 1000;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private Node _node = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        _node = await Node.StartAsync(
            ["-url", _origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "8MiB", "-size-d", "0", "-adminkey", Key],
            Cancellation,
            new Dictionary<string, string?> { ["ChunkProxy__Warm__Attempts"] = "1" });

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Post_Object_IsFetchedBeforeAnybodyReadsIt()
    {
        var film = _origin.Add("/a%20film.mp4", Size);

        using var answer = await SendAsync(HttpMethod.Post, "_chunkproxy/warm?path=/a%2520film.mp4");
        var begun = await ReadAsync(answer);
        var done = await EndOfAsync(answer.Headers.Location!);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/_chunkproxy/warm/" + begun.GetProperty("id").GetString(), answer.Headers.Location!.ToString());
        Assert.Equal(("/a%20film.mp4", JsonValueKind.Null, "done"), (Text(done, "path"), done.GetProperty("range").ValueKind, Text(done, "state")));
        Assert.Equal((10, 10, Size, Size), (Number(done, "chunks"), Number(done, "chunksDone"), Number(done, "bytes"), Number(done, "bytesDone")));
        Assert.Equal(JsonValueKind.Null, done.GetProperty("error").ValueKind);
        await film.WhenIdleAsync(Cancellation);
        var sent = film.BodyBytesSent;
        Assert.Equal(Size, (await _node.Client.GetByteArrayAsync("a%20film.mp4", Cancellation)).Length);
        Assert.Equal(sent, film.BodyBytesSent);
    }

    [Theory]
    [InlineData("bytes=65536-65536", 1, Chunk)]
    [InlineData("bytes=65535-65536", 2, 2 * Chunk)]
    [InlineData("bytes=-1", 1, 1000)]
    public async Task Post_Range_IsWhatItsChunksAre(string range, int chunks, int bytes)
    {
        _origin.Add("/film.mp4", Size);

        using var answer = await SendAsync(HttpMethod.Post, "_chunkproxy/warm?path=/film.mp4&range=" + range);
        var done = await EndOfAsync(answer.Headers.Location!);

        Assert.Equal(("done", range, chunks, bytes), (Text(done, "state"), Text(done, "range"), Number(done, "chunksDone"), Number(done, "bytesDone")));
    }

    [Theory]
    [InlineData("/nosuch.mp4", null, "notFound")]
    [InlineData("/broken.mp4", null, "originFailed")]
    [InlineData("/private.mp4", null, "notCacheable")]
    [InlineData("/film.mp4", "bytes=9999999-", "rangeNotSatisfiable")]
    public async Task Post_WhatCannotBeWarmed_EndsWithTheNameOfTheReason(string path, string? range, string error)
    {
        _origin.Add("/film.mp4", Size);
        _origin.Add("/broken.mp4", new OriginAnswer { Size = Size, Status = HttpStatusCode.InternalServerError });
        _origin.Add("/private.mp4", new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "private"));

        using var answer = await SendAsync(HttpMethod.Post, $"_chunkproxy/warm?path={path}&range={range}");
        var ended = await EndOfAsync(answer.Headers.Location!);

        Assert.Equal(("failed", error), (Text(ended, "state"), Text(ended, "error")));
        Assert.NotEmpty(Text(ended, "reason"));
    }

    [Theory]
    [InlineData("", "path= takes")]
    [InlineData("?path=film.mp4", "path= takes")]
    [InlineData("?path=/_chunkproxy/stats", "path= takes")]
    [InlineData("?path=/film.mp4&range=0-5", "range= takes")]
    [InlineData("?path=/film.mp4&rate=1023", "rate= takes")]
    [InlineData("?path=/film.mp4&rate=x", "rate= takes")]
    [InlineData("?path=/film.mp4&wait=10001", "wait= takes")]
    [InlineData("?path=/film.mp4&range=bytes=0-5,7-9", "range= takes")]
    public async Task Post_Nonsense_IsRefusedWithASentence(string query, string reason)
    {
        using var answer = await SendAsync(HttpMethod.Post, "_chunkproxy/warm" + query);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ObjectThatClaimsAHugeSize_FailsAndSaysWhy()
    {
        _origin.Add("/film.mp4", 1L << 50);

        using var begun = await SendAsync(HttpMethod.Post, "_chunkproxy/warm?path=/film.mp4");
        var ended = await EndOfAsync(begun.Headers.Location!);

        Assert.Equal(("failed", "tooManyChunks"), (Text(ended, "state"), Text(ended, "error")));
    }

    // At 1 MiB a second, ten chunks of 64 KiB take 0.6 s. The origin and this machine are much faster.
    [Fact]
    public async Task Post_Rate_SpreadsTheFetches()
    {
        _origin.Add("/film.mp4", Size);
        var begun = TimeProvider.System.GetTimestamp();

        using var answer = await SendAsync(HttpMethod.Post, "_chunkproxy/warm?path=/film.mp4&rate=1048576");
        var done = await EndOfAsync(answer.Headers.Location!);

        Assert.Equal(("done", Size), (Text(done, "state"), Number(done, "bytesDone")));
        Assert.InRange(TimeProvider.System.GetElapsedTime(begun), TimeSpan.FromSeconds((double)Size / (1 << 20)), TimeSpan.MaxValue);
    }

    [Fact]
    public async Task Get_Wait_AnswersAtTheEnd()
    {
        var gate = new Gate();
        _origin.Add("/film.mp4", new OriginAnswer { Size = Size, HoldAnswer = gate });
        using var begun = await SendAsync(HttpMethod.Post, "_chunkproxy/warm?path=/film.mp4");
        await gate.WhenReachedAsync(Cancellation);

        using var early = await SendAsync(HttpMethod.Get, begun.Headers.Location + "?wait=1");
        var waiting = SendAsync(HttpMethod.Get, begun.Headers.Location + "?wait=10000");
        gate.Open();
        using var atTheEnd = await waiting;

        Assert.Equal("running", Text(await ReadAsync(early), "state"));
        Assert.Equal("done", Text(await ReadAsync(atTheEnd), "state"));
    }

    [Fact]
    public async Task Delete_RunningOne_CancelsIt()
    {
        var gate = new Gate();
        _origin.Add("/film.mp4", new OriginAnswer { Size = Size, HoldAnswer = gate });

        using var begun = await SendAsync(HttpMethod.Post, "_chunkproxy/warm?path=/film.mp4");
        await gate.WhenReachedAsync(Cancellation);
        using var deleted = await SendAsync(HttpMethod.Delete, begun.Headers.Location!.ToString());
        var ended = await EndOfAsync(begun.Headers.Location!);
        gate.Open();

        Assert.Equal((HttpStatusCode.Accepted, "cancelled"), (deleted.StatusCode, Text(ended, "state")));
        using var all = JsonDocument.Parse(await _node.Client.GetStringAsync("_chunkproxy/warm", Cancellation));
        Assert.Equal("cancelled", Text(Assert.Single(all.RootElement.EnumerateArray()), "state"));
        using var none = await SendAsync(HttpMethod.Delete, "_chunkproxy/warm/nosuch");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task PostAndDelete_WithoutTheKey_DoNothing()
    {
        _origin.Add("/film.mp4", Size);

        using var post = await _node.Client.PostAsync("_chunkproxy/warm?path=/film.mp4", null, Cancellation);
        using var delete = await _node.Client.DeleteAsync("_chunkproxy/warm/x", Cancellation);

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (post.StatusCode, delete.StatusCode));
        Assert.Empty(_origin.Requests);
        Assert.Equal("[]", await _node.Client.GetStringAsync("_chunkproxy/warm", Cancellation));
    }

    private static string Text(JsonElement job, string field) => job.GetProperty(field).GetString()!;

    private static int Number(JsonElement job, string field) => job.GetProperty(field).GetInt32();

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).RootElement.Clone();

    private async Task<JsonElement> EndOfAsync(Uri job)
    {
        await _node.WhenLineAsync(line => line.Contains($"Warm-up {job.ToString().Split('/')[^1]} of", StringComparison.Ordinal), "the warm-up has ended", Cancellation);
        return JsonDocument.Parse(await _node.Client.GetStringAsync(job, Cancellation)).RootElement.Clone();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return await _node.Client.SendAsync(request, Cancellation);
    }
}
