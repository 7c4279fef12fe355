using System.Net;
using System.Net.Http.Headers;
using ChunkProxy.Testing.Data;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Web.Operations.Warm;

namespace ChunkProxy.Web.Tests.Operations.Warm;

/// <summary><c>/_chunkproxy/content</c> of a real process with signed URLs and an address of its own for operators.</summary>
public sealed class ContentEndpointTests : IAsyncLifetime
{
    private const string Key = "sesame-sesame-sesame";
    private const int Size = 200_001;

    private readonly ScriptedOrigin _origin = ScriptedOrigin.Start();
    private Node _node = null!;
    private Uri _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _node = await Node.StartAsync(
            ["-url", _origin.BaseAddress.ToString(), "-size-c", "64KiB", "-size-m", "32MiB", "-size-d", "0", "-adminkey", Key, "-adminaddr", "127.0.0.1:0", "-allow", "10.0.0.1"],
            Cancellation);
        _admin = await _node.WhenAdminAddressAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        await _origin.DisposeAsync();
    }

    [Fact]
    public async Task Get_Object_IsItsContentAndIsCached()
    {
        var playlist = _origin.Add("/master.m3u8", Size);

        using var first = await GetAsync("/master.m3u8");
        await VerifyAsync(first, playlist);
        await playlist.WhenIdleAsync(Cancellation);
        var sent = playlist.BodyBytesSent;
        using var second = await GetAsync("/master.m3u8");
        await VerifyAsync(second, playlist);

        Assert.Equal(sent, playlist.BodyBytesSent);
        Assert.Equal("application/octet-stream", first.Content.Headers.ContentType?.MediaType);
        Assert.Equal(["nosniff"], first.Headers.GetValues("X-Content-Type-Options"));
    }

    [Fact]
    public async Task Get_ObjectThatCannotBeCached_IsItsContent()
    {
        var playlist = _origin.Add("/live.m3u8", new OriginAnswer { Size = Size }.WithHeader("Cache-Control", "no-store"));

        using var answer = await GetAsync("/live.m3u8");

        await VerifyAsync(answer, playlist);
    }

    [Theory]
    [InlineData("/nosuch.m3u8", HttpStatusCode.NotFound)]
    [InlineData("/broken.m3u8", HttpStatusCode.InternalServerError)]
    [InlineData("/long.m3u8", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("/long-live.m3u8", HttpStatusCode.RequestEntityTooLarge)]
    [InlineData("", HttpStatusCode.BadRequest)]
    [InlineData("/_chunkproxy/stats", HttpStatusCode.BadRequest)]
    public async Task Get_WhatIsNotServed_IsAnErrorInText(string path, HttpStatusCode status)
    {
        _origin.Add("/broken.m3u8", new OriginAnswer { Size = Size, Status = HttpStatusCode.InternalServerError });
        _origin.Add("/long.m3u8", ContentEndpoint.MostBytes + 1);
        _origin.Add("/long-live.m3u8", new OriginAnswer { Size = ContentEndpoint.MostBytes + 1 }.WithHeader("Cache-Control", "no-store"));

        using var answer = await GetAsync(path);

        Assert.Equal((status, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
    }

    [Fact]
    public async Task Get_WithoutTheKey_IsRefused()
    {
        _origin.Add("/master.m3u8", Size);

        using var answer = await _node.Client.GetAsync(new Uri(_admin, "_chunkproxy/content?path=/master.m3u8"), Cancellation);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(_origin.Requests);
    }

    private static async Task VerifyAsync(HttpResponseMessage answer, ScriptedObject expected)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await using var content = await answer.Content.ReadAsStreamAsync(Cancellation);
        await TestData.VerifyAsync(expected.Answer.Seed, 0, Size, content, Cancellation);
    }

    private async Task<HttpResponseMessage> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_admin, "_chunkproxy/content?path=" + Uri.EscapeDataString(path)));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        return await _node.Client.SendAsync(request, Cancellation);
    }
}
