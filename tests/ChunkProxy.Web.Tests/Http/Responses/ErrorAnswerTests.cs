using System.Text;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Tests.Hosting;

namespace ChunkProxy.Web.Tests.Http.Responses;

public abstract class ErrorAnswerTests(bool lendMemory) : IAsyncLifetime
{
    private FrontEndHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await FrontEndHost.StartAsync(options => (options.LendMemory, options.RetryAfter) = (lendMemory, TimeSpan.FromSeconds(7)));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData(ProxyError.NotFound, 404, 404, "404 Not Found", "ChunkProxy; fwd=miss; fwd-status=404; detail=not-found")]
    [InlineData(ProxyError.Gone, 410, 410, "410 Gone", "ChunkProxy; fwd=miss; fwd-status=410; detail=gone")]
    [InlineData(ProxyError.OriginRefused, 403, 403, "403 Forbidden", "ChunkProxy; fwd=miss; fwd-status=403; detail=origin-refused")]
    [InlineData(ProxyError.OriginRefused, 451, 451, "451 Unavailable For Legal Reasons", "ChunkProxy; fwd=miss; fwd-status=451; detail=origin-refused")]
    [InlineData(ProxyError.OriginUnreachable, 0, 502, "502 Bad Gateway", "ChunkProxy; fwd=miss; detail=origin-unreachable")]
    [InlineData(ProxyError.OriginTimedOut, 0, 504, "504 Gateway Timeout", "ChunkProxy; fwd=miss; detail=origin-timed-out")]
    [InlineData(ProxyError.OriginFailed, 503, 503, "503 Service Unavailable", "ChunkProxy; fwd=miss; fwd-status=503; detail=origin-failed")]
    [InlineData(ProxyError.OriginMisbehaved, 206, 502, "502 Bad Gateway", "ChunkProxy; fwd=miss; fwd-status=206; detail=origin-misbehaved")]
    [InlineData(ProxyError.VersionChanged, 0, 502, "502 Bad Gateway", "ChunkProxy; fwd=miss; detail=version-changed")]
    [InlineData(ProxyError.Overloaded, 0, 503, "503 Service Unavailable", "ChunkProxy; fwd=miss; detail=overloaded")]
    [InlineData(ProxyError.OriginDown, 0, 503, "503 Service Unavailable", "ChunkProxy; fwd=miss; detail=origin-down")]
    [InlineData(ProxyError.ClientLimited, 0, 429, "429 Too Many Requests", "ChunkProxy; fwd=miss; detail=client-limited")]
    public async Task Answer_LookupFails_SaysWhy(ProxyError error, int originStatus, int status, string line, string cacheStatus)
    {
        _host.Reader.FindScript = _ => ObjectLookup.Failed(error, "Because of the test.", originStatus);

        var get = await _host.SendAsync("GET", "/film");
        var head = await _host.SendAsync("HEAD", "/film");

        Assert.Equal(status, get.Status);
        Assert.Equal(line + ": Because of the test.\n", Encoding.UTF8.GetString(get.Body));
        Assert.Equal(cacheStatus, get["Cache-Status"]);
        Assert.Equal("text/plain; charset=utf-8", get["Content-Type"]);
        Assert.Equal(error is ProxyError.Overloaded or ProxyError.OriginDown or ProxyError.ClientLimited ? "7" : null, get["Retry-After"]);
        Assert.Equal(status, head.Status);
        Assert.Equal(get["Content-Length"], head["Content-Length"]);
    }

    [Fact]
    public async Task Answer_ReaderHasADefect_Is500WithoutItsDetails()
    {
        _host.Reader.FindScript = _ => throw new InvalidOperationException("secret");

        var answer = await _host.SendAsync("GET", "/film");

        Assert.Equal(500, answer.Status);
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(answer.Body), StringComparison.Ordinal);
        await _host.FiguresAsync(figures => figures.Faults == 1);
    }
}
