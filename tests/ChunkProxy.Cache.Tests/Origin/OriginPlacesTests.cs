using ChunkProxy.Cache.Origin;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginPlacesTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_AllAreTaken_WaitsInLineUntilOneIsGivenBack()
    {
        var places = new OriginPlaces(1, TimeSpan.FromSeconds(5), _time);
        using var first = await places.TakeAsync(Now);

        var second = places.TakeAsync(Now).AsTask();
        Assert.Equal((1, 1, 1), (places.Count, places.InUse, places.Waiting));
        first!.Dispose();

        using var place = await second;
        Assert.NotNull(place);
        Assert.Equal((1, 0), (places.InUse, places.Waiting));
    }

    [Fact]
    public async Task Take_NoneBecomesFreeInTime_GivesUpAndLeavesTheLine()
    {
        var places = new OriginPlaces(1, TimeSpan.FromSeconds(5), _time);
        using var first = await places.TakeAsync(Now);
        var second = places.TakeAsync(Now).AsTask();

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await second);
        Assert.Equal((1, 0), (places.InUse, places.Waiting));
    }

    [Fact]
    public async Task Take_TheLineIsFull_GivesUpAtOnce()
    {
        var places = new OriginPlaces(1, TimeSpan.FromSeconds(5), _time);
        using var first = await places.TakeAsync(Now);
        var line = Enumerable.Range(0, OriginPlaces.MostWaiting).Select(_ => places.TakeAsync(Now).AsTask()).ToList();

        Assert.Null(await places.TakeAsync(Now));
        Assert.Equal(OriginPlaces.MostWaiting, places.Waiting);

        first!.Dispose();
        using var next = await line[0];
        Assert.NotNull(next);
        _time.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(line);
        Assert.Equal(0, places.Waiting);
    }

    [Fact]
    public async Task Take_Cancelled_LeavesTheLine()
    {
        var places = new OriginPlaces(1, TimeSpan.FromSeconds(5), _time);
        using var first = await places.TakeAsync(Now);
        using var gone = new CancellationTokenSource();
        var second = places.TakeAsync(gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal((1, 0), (places.InUse, places.Waiting));
    }
}
