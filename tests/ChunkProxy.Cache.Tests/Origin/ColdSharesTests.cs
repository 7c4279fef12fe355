using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class ColdSharesTests : IDisposable
{
    private const int Limit = 100;

    private static readonly ObjectId Film = new("/film");

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CacheMetrics _metrics;
    private readonly Dictionary<string, double> _read = [];

    public ColdSharesTests() => _metrics = new CacheMetrics(_services.GetRequiredService<IMeterFactory>());

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task Take_NoLimitOrNoClient_IsNothing()
    {
        ClientKey.Current = new(1);
        var unlimited = Create(limit: 0);
        Assert.False(unlimited.AreLimited);
        Assert.Null(await unlimited.ForObjectAsync(Film, 1000, Now));

        ClientKey.Current = default; // a warm-up
        Assert.Null(await Create().ForObjectAsync(Film, 1000, Now));
    }

    [Fact]
    public async Task Take_ClientUsesAll_WaitsInTheOrderOfArrivalAndOtherClientsDoNot()
    {
        var shares = Create();
        var first = await TakeAsync(shares, 1, 60);
        var (second, third) = (TakeAsync(shares, 1, 60), TakeAsync(shares, 1, 10)); // the small one would fit, and waits in line
        Assert.Equal(2, shares.Waiting);

        using var other = await TakeAsync(shares, 2, 60);
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        first!.Dispose();

        (await second)!.Dispose();
        (await third)!.Dispose();
        Assert.Equal(0, shares.Waiting);
        Assert.Equal(2, Metric("chunkproxy.client.cold.delayed")); // a second each
    }

    [Fact]
    public async Task Take_MoreThanTheLimit_IsGivenAlone()
    {
        var shares = Create();
        var large = await TakeAsync(shares, 1, 10 * Limit);
        var next = TakeAsync(shares, 1, 1);
        Assert.False(next.IsCompleted);

        large!.Dispose();
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task Take_NothingEndsInTime_FailsAndLeavesTheLine()
    {
        var shares = Create();
        using var first = await TakeAsync(shares, 1, Limit);
        var second = TakeAsync(shares, 1, 1);

        _time.Advance(TimeSpan.FromSeconds(15));

        Assert.Equal(ProxyError.ClientLimited, (await Assert.ThrowsAsync<ChunkReadException>(() => second)).Error);
        Assert.Equal(0, shares.Waiting);
        Assert.Equal(1, Metric("chunkproxy.client.cold.refused"));
    }

    [Fact]
    public async Task Take_Cancelled_LeavesTheLineAndTheNextIsServed()
    {
        var shares = Create();
        using var first = await TakeAsync(shares, 1, 60);
        using var gone = new CancellationTokenSource();
        var (second, third) = (TakeAsync(shares, 1, 60, gone.Token), TakeAsync(shares, 1, 40));

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.NotNull(await third);
    }

    [Fact]
    public async Task Take_LineIsHalfFullWithOneClient_ItFailsAtOnceAndAnotherClientWaits()
    {
        var shares = Create();
        using var first = await TakeAsync(shares, 1, Limit);
        using var other = await TakeAsync(shares, 2, Limit);
        var line = Enumerable.Range(0, OriginSlots.MostWaiting / 2).Select(_ => TakeAsync(shares, 1, 1)).ToList();

        await Assert.ThrowsAsync<ChunkReadException>(() => TakeAsync(shares, 1, 1));
        line.Add(TakeAsync(shares, 2, 1));
        Assert.Equal((OriginSlots.MostWaiting / 2) + 1, shares.Waiting);

        _time.Advance(TimeSpan.FromSeconds(15));
        await Task.WhenAll(line).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.Equal(0, shares.Waiting);
    }

    [Fact]
    public async Task Use_ReaderHasLeft_CountsUntilTheRequestEnds()
    {
        var shares = Create();
        var share = await TakeAsync(shares, 1, Limit);
        var request = share!.Use();
        share.Dispose();
        var next = TakeAsync(shares, 1, Limit);
        Assert.False(next.IsCompleted);

        request.Dispose();
        request.Dispose(); // counts once
        var given = await next;

        using (share.Use()) // a later request of the same fill does not wait
        {
            given!.Dispose();
            Assert.False(TakeAsync(shares, 1, 1).IsCompleted);
        }

        Assert.Equal(0, shares.Waiting);
    }

    [Fact]
    public async Task Refuse_ClientUsesAll_SearchesFailAtOnceAndChunksWait()
    {
        var shares = Create(excess: ColdExcess.Refuse);
        var first = await TakeAsync(shares, 1, Limit);
        ClientKey.Current = new(1);

        await Assert.ThrowsAsync<ChunkReadException>(() => shares.ForObjectAsync(Film, 1, Now).AsTask());
        var version = new ObjectVersion(Film, new Validator("\"1\""), new ChunkLayout(10, 100), new OriginHeaders { ETag = "\"1\"", GeneratedAt = default, FreshUntil = default });
        var chunk = shares.ForChunkAsync(version.Chunk(0), 10, Now).AsTask();
        Assert.False(chunk.IsCompleted);

        first!.Dispose();
        Assert.NotNull(await chunk);
    }

    [Fact]
    public async Task Take_RouteHasALimitToo_BothCount()
    {
        var shares = Create();
        var films = new ColdLimit(Route: 7, Limit / 2, Refuses: false);
        var first = await TakeInRouteAsync(shares, films, 40);
        var second = TakeInRouteAsync(shares, films, 40); // the client has room, the route has not
        Assert.False(second.IsCompleted);
        using var other = await TakeInRouteAsync(shares, null, 60);
        var third = TakeInRouteAsync(shares, null, 1); // the client has none now
        Assert.False(third.IsCompleted);

        first!.Dispose(); // of both: the third goes on, and the second waits for the client now
        (await third)!.Dispose();

        var given = await second;
        Assert.Equal(0, shares.Waiting);
        using (given!.Use())
        {
            given.Dispose();
            Assert.False(TakeInRouteAsync(shares, films, 40).IsCompleted);
        }

        Assert.Equal(0, shares.Waiting);
    }

    [Fact]
    public async Task Take_OnlyTheRouteHasALimit_ItsReadsAloneCount()
    {
        var shares = Create(limit: 0);
        Assert.False(shares.AreLimited);
        using var first = await TakeInRouteAsync(shares, new ColdLimit(7, Limit, Refuses: true), Limit);

        Assert.Null(await TakeInRouteAsync(shares, null, Limit));
        using var other = await TakeInRouteAsync(shares, new ColdLimit(8, Limit, Refuses: true), Limit);
        Assert.Equal(ProxyError.ClientLimited, (await Assert.ThrowsAsync<ChunkReadException>(() => TakeInRouteAsync(shares, new ColdLimit(7, Limit, Refuses: true), 1))).Error);
        ColdLimit.Current = new ColdLimit(7, Limit, Refuses: true);
        Assert.True(shares.AreLimited);
    }

    [Fact]
    public async Task Take_WaitsForRouteAndThenForClient_TheTimeIsThatOfOneWait()
    {
        var shares = Create();
        var films = new ColdLimit(7, Limit, Refuses: false);
        var first = await TakeInRouteAsync(shares, films, Limit);
        var second = TakeInRouteAsync(shares, films, Limit);
        var large = TakeInRouteAsync(shares, null, Limit); // waits for the client, before the second one does
        _time.Advance(TimeSpan.FromSeconds(10));
        first!.Dispose();
        using var goesOn = await large;
        Assert.False(second.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<ChunkReadException>(() => second);
        Assert.Equal(0, shares.Waiting);
    }

    private ColdShares Create(long limit = Limit, ColdExcess excess = ColdExcess.Wait) => new(
        Options.Create(new ColdReadOptions { ColdBytes = limit, ColdExcess = excess }), Options.Create(new OriginOptions()), new UpstreamWaits(), _metrics, _time);

    private static async Task<ColdShare?> TakeAsync(ColdShares shares, ulong client, long bytes, CancellationToken? cancellationToken = null)
    {
        ClientKey.Current = new(client);
        return await shares.ForObjectAsync(Film, bytes, cancellationToken ?? Now);
    }

    private static async Task<ColdShare?> TakeInRouteAsync(ColdShares shares, ColdLimit? route, long bytes)
    {
        ColdLimit.Current = route;
        return await TakeAsync(shares, 1, bytes);
    }

    private double Metric(string name)
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == name && ReferenceEquals(instrument.Meter.Scope, _services.GetRequiredService<IMeterFactory>()))
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => _read[instrument.Name] = value);
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _read[instrument.Name] = value);
        listener.Start();
        listener.RecordObservableInstruments();
        return _read[name];
    }
}
