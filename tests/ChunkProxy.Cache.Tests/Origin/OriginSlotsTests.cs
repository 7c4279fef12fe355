using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class OriginSlotsTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Take_AllAreTaken_WaitsInLineUntilOneIsGivenBack()
    {
        var slots = new OriginSlots(1, TimeSpan.FromSeconds(5), _time);
        using var first = await slots.TakeAsync(default, Now);

        var second = slots.TakeAsync(default, Now).AsTask();
        Assert.Equal((1, 1, 1), (slots.Count, slots.InUse, slots.Waiting));
        first!.Dispose();

        using var slot = await second;
        Assert.NotNull(slot);
        Assert.Equal((1, 0), (slots.InUse, slots.Waiting));
    }

    [Fact]
    public async Task Take_NoneBecomesFreeInTime_GivesUpAndLeavesTheLine()
    {
        var slots = new OriginSlots(1, TimeSpan.FromSeconds(5), _time);
        using var first = await slots.TakeAsync(default, Now);
        var second = slots.TakeAsync(default, Now).AsTask();

        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await second);
        Assert.Equal((1, 0), (slots.InUse, slots.Waiting));
    }

    [Fact]
    public async Task Take_TheClientHasHalfOfTheLine_ItGivesUpAtOnceAndAnotherClientWaits()
    {
        var slots = new OriginSlots(1, TimeSpan.FromSeconds(5), _time);
        using var first = await slots.TakeAsync(default, Now);
        var line = Enumerable.Range(0, OriginSlots.MostWaiting / 2).Select(_ => slots.TakeAsync(default, Now).AsTask()).ToList();

        Assert.Null(await slots.TakeAsync(default, Now));
        line.Add(slots.TakeAsync(new(1), Now).AsTask());
        Assert.Equal((OriginSlots.MostWaiting / 2) + 1, slots.Waiting);

        first!.Dispose();
        using var next = await line[0];
        Assert.NotNull(next);
        _time.Advance(TimeSpan.FromSeconds(5));
        await Task.WhenAll(line);
        Assert.Equal(0, slots.Waiting);
    }

    [Fact]
    public async Task Take_OneClientHasManyInLine_AnotherIsSecondAtMost()
    {
        var slots = new OriginSlots(1, TimeSpan.FromSeconds(5), _time);
        using var first = await slots.TakeAsync(default, Now);
        var served = new List<int>();
        var line = Enumerable.Range(0, 50).Select(_ => ServeAsync(new(1))).Append(ServeAsync(new(2))).ToList();

        first!.Dispose();
        await Task.WhenAll(line);

        Assert.InRange(served.IndexOf(2), 0, 1);
        Assert.Equal(51, served.Count);

        async Task ServeAsync(ClientKey client)
        {
            using var slot = await slots.TakeAsync(client, Now);
            served.Add((int)client.Value); // one slot: one at a time
        }
    }

    [Fact]
    public async Task Take_CancelledBefore_TakesNoSlot()
    {
        var slots = new OriginSlots(1, TimeSpan.FromSeconds(5), _time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slots.TakeAsync(default, new CancellationToken(true)).AsTask());

        Assert.Equal(0, slots.InUse);
    }

    [Fact]
    public async Task Take_Cancelled_LeavesTheLine()
    {
        var slots = new OriginSlots(1, TimeSpan.FromSeconds(5), _time);
        using var first = await slots.TakeAsync(default, Now);
        using var gone = new CancellationTokenSource();
        var second = slots.TakeAsync(default, gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal((1, 0), (slots.InUse, slots.Waiting));
    }
}
