using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Responses;

public abstract class PassThroughTests(bool lendMemory) : IAsyncLifetime, IDisposable
{
    private readonly byte[] _content = new byte[300_000];
    private FrontEndHost _host = null!;
    private int _disposed;

    public async ValueTask InitializeAsync()
    {
        new Random(5).NextBytes(_content);
        _host = await FrontEndHost.StartAsync(options => options.LendMemory = lendMemory, replace: services => services.AddSingleton(new LoopMark(cluster: null)));
        _host.Reader.FindScript = _ => ObjectLookup.PassThrough();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    public void Dispose() => Interlocked.Increment(ref _disposed); // as the origin's response

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_Answer_ComesThroughAsItIs(bool hasLength)
    {
        Answer(203, new MemoryStream(_content), hasLength ? _content.Length : null, new("Content-Type", "text/x"), new("Set-Cookie", "a"), new("Set-Cookie", "b"), new("Via", "1.0 x"));

        var answer = await _host.SendAsync("GET", "/live");

        Assert.Equal(203, answer.Status);
        Assert.True(answer.IsWhole);
        Assert.Equal(_content, answer.Body);
        Assert.Equal("text/x", answer["Content-Type"]);
        Assert.Equal("a, b", answer["Set-Cookie"]);
        Assert.Equal("1.0 x, 1.1 chunkproxy", answer["Via"]);
        Assert.Equal("ChunkProxy; fwd=miss; fwd-status=203; detail=pass-through", answer["Cache-Status"]);
        await _host.FiguresAsync(figures => figures.Requests == 1 && figures.SentBytes == _content.Length);
        Assert.Equal(1, _disposed);
    }

    [Fact]
    public async Task Get_RangeAndConditions_GoToTheOriginAndNothingElse()
    {
        Answer(206, new MemoryStream(_content, 0, 10), 10, new KeyValuePair<string, string>("Content-Range", "bytes 0-9/300000"));

        var answer = await _host.SendAsync("GET", "/live", "Range: bytes=0-9", "If-Range: \"x\"", "If-Match: *", "If-None-Match: \"y\"", "Cookie: secret=1", "X-Other: 1");

        Assert.Equal(206, answer.Status);
        Assert.Equal("bytes 0-9/300000", answer["Content-Range"]);
        Assert.Equal(_content[..10], answer.Body);
        Assert.Equal(
            [new("Range", "bytes=0-9"), new("If-Range", "\"x\""), new("If-Match", "*"), new("If-None-Match", "\"y\"")],
            Assert.Single(_host.Reader.PassThroughConditions));
    }

    [Fact]
    public async Task Get_OneClientHasAllItsResponses_NextIsRefusedUntilOneEnds()
    {
        await using var host = await FrontEndHost.StartAsync(
            options => { options.LendMemory = lendMemory; options.PassThroughPerClient = 1; },
            replace: services => services.AddSingleton(new LoopMark(cluster: null)));
        host.Reader.FindScript = _ => ObjectLookup.PassThrough();
        var body = new System.IO.Pipelines.Pipe();
        host.Reader.PassThroughScript = (_, _) => new PassedThroughAnswer(200, null, [], body.Reader.AsStream(), this);
        await body.Writer.WriteAsync(_content.AsMemory(0, 1), TestContext.Current.CancellationToken);
        using var first = await RawConnection.OpenAsync(host.Port);
        await first.SendAsync("GET /live HTTP/1.1\r\nHost: test\r\n\r\n");
        await first.ReadHeadAsync();

        var refused = await host.SendAsync("GET", "/live");
        Assert.Equal((429, "1"), (refused.Status, refused["Retry-After"]));

        await body.Writer.CompleteAsync();
        await host.FiguresAsync(figures => figures.Requests == 2);
        host.Reader.PassThroughScript = (_, _) => new PassedThroughAnswer(200, 10, [], new MemoryStream(_content, 0, 10), this);
        Assert.Equal(_content[..10], (await host.SendAsync("GET", "/live")).Body);
    }

    [Fact]
    public async Task Options_Preflight_GoesToTheOriginAndItsAnswerBack()
    {
        Answer(204, new MemoryStream(), null, new KeyValuePair<string, string>("Access-Control-Allow-Origin", "https://a.test"));

        var answer = await _host.SendAsync("OPTIONS", "/film", "Origin: https://a.test", "Access-Control-Request-Method: GET", "Access-Control-Request-Headers: range", "Cookie: c");

        Assert.Equal((204, "https://a.test"), (answer.Status, answer["Access-Control-Allow-Origin"]));
        Assert.Equal(
            [new("Origin", "https://a.test"), new("Access-Control-Request-Method", "GET"), new("Access-Control-Request-Headers", "range")],
            Assert.Single(_host.Reader.PassThroughConditions));
    }

    [Theory]
    [InlineData("GET", 200)]
    [InlineData("HEAD", 200)]
    [InlineData("OPTIONS", 204)]
    public async Task Request_HasBeenHereBefore_EndsAtOnce(string method, int otherwise)
    {
        Answer(otherwise, new MemoryStream(), null);
        var own = _host.Services.GetRequiredService<LoopMark>().Value;

        var loop = await _host.SendAsync(method, "/film", $"CDN-Loop: other.test, {own}");
        Assert.Equal(508, loop.Status);
        Assert.Empty(_host.Reader.PassThroughConditions);

        Assert.Equal(otherwise, (await _host.SendAsync(method, "/film", "CDN-Loop: other.test")).Status);
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 304)]
    [InlineData("GET", 204)]
    public async Task Answer_WithoutABody_HasNone(string method, int status)
    {
        Answer(status, new FailingStream([], fail: true, Task.CompletedTask), contentLength: status == 200 ? 77 : null);

        var answer = await _host.SendAsync(method, "/live");

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? "77" : null, answer["Content-Length"]);
        Assert.Empty(answer.Body);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Get_OriginBreaksOff_ConnectionIsAborted(bool hasLength, bool fails)
    {
        var headIsHere = new TaskCompletionSource();
        Answer(200, new FailingStream(_content[..200_000], fails, headIsHere.Task), hasLength ? _content.Length : null);

        var answer = await _host.SendAsync("GET", "/live", headIsHere.SetResult);

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
        Assert.Equal(_content[..answer.Body.Length], answer.Body);
        await _host.FiguresAsync(figures => figures.ReadsFailed == 1);
        Assert.Equal(1, _disposed);
    }

    // Without a length a clean end would pass for the whole: whatever is thrown, the connection is aborted.
    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(InvalidOperationException))]
    public async Task Get_DefectWhileCopying_ConnectionIsAborted(Type defect)
    {
        var headIsHere = new TaskCompletionSource();
        Answer(200, new FailingStream(_content, fail: true, headIsHere.Task, (Exception)Activator.CreateInstance(defect)!), contentLength: null);

        var answer = await _host.SendAsync("GET", "/live", headIsHere.SetResult);

        Assert.Equal(200, answer.Status);
        Assert.False(answer.IsWhole);
    }

    [Fact]
    public async Task Get_OriginCannotBeAsked_HasAStatus()
    {
        _host.Reader.PassThroughScript = (_, _) => throw new ChunkReadException(ProxyError.OriginUnreachable, "No origin.");

        Assert.Equal(502, (await _host.SendAsync("GET", "/live")).Status);
    }

    private void Answer(int status, Stream body, long? contentLength, params KeyValuePair<string, string>[] headers) =>
        _host.Reader.PassThroughScript = (_, _) => new PassedThroughAnswer(status, contentLength, headers, body, this);

    private sealed class FailingStream(byte[] bytes, bool fail, Task mayEnd, Exception? with = null) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            await (read == 0 ? mayEnd : Task.CompletedTask);
            return read == 0 && fail ? throw with ?? new IOException("The script says so.") : read;
        }
    }
}
