using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.ZeroCopy;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace ChunkProxy.Web.Tests.Http.Sending;

/// <summary>The rate of a client, on every way that a body takes.</summary>
public sealed class ShapedAnswerTests : IDisposable
{
    private const int KiB = 1024;
    private const int Size = (512 * KiB) + 77;
    private const int Burst = 128 * KiB;

    private readonly SignallingTime _time = new();
    private readonly FakeObject _film = FakeObject.Film(Size, 64 * KiB);
    private PendingSends? _sends;

    public void Dispose() => _sends?.Dispose();

    [Theory]
    [InlineData(true, false, long.MaxValue)]
    [InlineData(false, false, long.MaxValue)]
    [InlineData(true, true, long.MaxValue)]
    [InlineData(false, true, long.MaxValue)]
    [InlineData(true, false, 0)]
    [InlineData(false, false, 0)]
    public async Task Get_ClientIsAboveItsRate_WaitsAndGetsEveryByteAndOthersDoNotWait(bool lends, bool isPassedThrough, long share)
    {
        _sends = new PendingSends(share, mostOfOrigin: int.MaxValue, _time);
        await using var host = await FrontEndHost.StartAsync(
            options => options.LendMemory = lends,
            replace: services => services
                .AddSingleton<TimeProvider>(_time)
                .AddSingleton(_sends)
                .AddSingleton(new LoopMark(cluster: null))
                .Configure<ClientOptions>(options => (options.TrustedProxies, options.Rate, options.Burst) = ("127.0.0.1", 64 * KiB, Burst)));
        host.Reader.Add(_film);
        if (isPassedThrough)
        {
            host.Reader.FindScript = _ => ObjectLookup.PassThrough();
            host.Reader.PassThroughScript = (_, _) => new PassedThroughAnswer(200, Size, [], new MemoryStream(_film.Content), new MemoryStream());
        }

        var first = host.SendAsync("GET", "/film", "X-Forwarded-For: 198.51.100.1");
        await _time.WhenWaitedAsync(1);
        host.Reader.FindScript = _ => null;
        var other = await host.SendAsync("GET", "/film", "X-Forwarded-For: 198.51.100.2", $"Range: bytes=5-{Burst}");
        var answer = await _time.PassUntilAsync(first);

        Assert.Equal((206, 200, true), (other.Status, answer.Status, answer.IsWhole));
        Assert.Equal(_film.Content[5..(Burst + 1)], other.Body);
        Assert.Equal(_film.Content, answer.Body);
        Assert.InRange(host.Services.GetRequiredService<ClientLimits>().Delayed, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(7)); // 6 s, less what the clock went too far
        Assert.InRange(_sends.Recalls, share == 0 ? 10 : 0, share == 0 ? 1000 : 0);
        await host.Reader.AllLeasesReturnedAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_ClientHasUsedItsBurst_HeadComesAtOnceAndTheBodyAtTheRate(bool lends)
    {
        await using var host = await FrontEndHost.StartAsync(
            options => options.LendMemory = lends,
            replace: services => services
                .AddSingleton<TimeProvider>(_time)
                .Configure<ClientOptions>(options => (options.Rate, options.Burst) = (64 * KiB, 0)));
        host.Reader.Add(_film);
        using var connection = await RawConnection.OpenAsync(host.Port);

        await connection.SendAsync("GET /film HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        var head = await connection.ReadHeadAsync(); // the clock stands still
        var waits = _time.Waits;
        var body = await _time.PassUntilAsync(connection.ReadToEndAsync());

        Assert.Equal(1, waits);
        Assert.Contains($"Content-Length: {Size}", head, StringComparison.Ordinal);
        Assert.Equal(_film.Content, body);
    }
}
