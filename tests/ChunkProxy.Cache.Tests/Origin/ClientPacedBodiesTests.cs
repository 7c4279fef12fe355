using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Testing.Signals;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class ClientPacedBodiesTests
{
    private const int MinRate = 1000; // 5,000 bytes in a window

    private readonly FakeTimeProvider _time = new();
    private readonly OriginSlots _slots;
    private readonly ClientPacedBodies _bodies;

    public ClientPacedBodiesTests()
    {
        _slots = new OriginSlots(2, TimeSpan.FromMinutes(1), _time);
        _bodies = new ClientPacedBodies(_slots, places: 0, MinRate, _time);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Window_SlowClientAndNoneWaits_BodyStays()
    {
        var body = await OpenAsync(new MemoryStream(new byte[10_000]));

        _time.Advance(3 * ClientPacedBodies.Window);

        Assert.Equal(10, await body.ReadAsync(new byte[10], Cancel));
    }

    [Fact]
    public async Task Window_OneRequestWaits_SlowestBodyEndsAndItsSlotIsTaken()
    {
        var slow = await OpenAsync(new MemoryStream(new byte[10_000]));
        var slowest = await OpenAsync(new MemoryStream(new byte[10_000]));
        Assert.Equal(100, await slow.ReadAsync(new byte[100], Cancel));
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();
        Assert.False(waiting.IsCompleted);

        _time.Advance(ClientPacedBodies.Window);

        Assert.NotNull(await waiting);
        var error = await Assert.ThrowsAsync<ChunkReadException>(async () => await slowest.ReadExactlyAsync(new byte[10], Cancel));
        Assert.Equal(ProxyError.Overloaded, error.Error);
        Assert.Equal(10, await slow.ReadAsync(new byte[10], Cancel));
    }

    [Fact]
    public async Task Window_ClientsAreFastEnough_BodiesStay()
    {
        var bodies = new[] { await OpenAsync(new MemoryStream(new byte[10_000])), await OpenAsync(new MemoryStream(new byte[10_000])) };
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();
        foreach (var body in bodies)
        {
            Assert.Equal(5_000, await body.ReadAsync(new byte[5_000], Cancel));
        }

        _time.Advance(ClientPacedBodies.Window);
        Assert.False(waiting.IsCompleted);

        _time.Advance(ClientPacedBodies.Window); // nothing was read in this one
        Assert.NotNull(await waiting);
    }

    [Fact]
    public async Task Window_BodyBeganInTheMiddleOfIt_StaysUntilTheEndOfTheNextOne()
    {
        var old = await OpenAsync(new MemoryStream(new byte[10_000]));
        Assert.Equal(5_000, await old.ReadAsync(new byte[5_000], Cancel));
        _time.Advance(ClientPacedBodies.Window / 2);
        await OpenAsync(new MemoryStream(new byte[10_000]));
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();

        _time.Advance(ClientPacedBodies.Window / 2);
        Assert.False(waiting.IsCompleted);
        Assert.Equal(5_000, await old.ReadAsync(new byte[5_000], Cancel));

        _time.Advance(ClientPacedBodies.Window);
        Assert.NotNull(await waiting);
    }

    [Theory]
    [InlineData(10, 1)]
    [InlineData(null, 2)] // the second read finds the end
    public async Task Window_BodyIsReadToItsEnd_GivesItsSlotBackAndIsNotInterrupted(int? length, int reads)
    {
        using var response = new HttpResponseMessage { Content = new StreamContent(Stream.Null) };
        response.Content.Headers.ContentLength = length;
        var body = new OriginStream(response, new MemoryStream(new byte[10]), (await _slots.TakeAsync(default, Cancel))!, TimeSpan.FromHours(1), _time);
        _bodies.Add(body);
        await OpenAsync(new MemoryStream(new byte[10_000]));
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();
        for (var i = 0; i < reads; i++)
        {
            Assert.Equal(i == 0 ? 10 : 0, await body.ReadAsync(new byte[100], Cancel));
        }

        Assert.NotNull(await waiting.WaitAsync(Patience.Limit, Cancel));
        Assert.False(body.TryRevoke());
        _time.Advance(2 * ClientPacedBodies.Window);
        Assert.Equal(0, await body.ReadAsync(new byte[100], Cancel));
    }

    [Fact]
    public async Task Window_OriginIsTheSlowSide_BodyStays()
    {
        var origin = new SilentStream();
        var body = await OpenAsync(origin);
        var other = await OpenAsync(new SilentStream());
        var reads = new[] { body.ReadAsync(new byte[10], Cancel).AsTask(), other.ReadAsync(new byte[10], Cancel).AsTask() };
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();

        _time.Advance(ClientPacedBodies.Window);

        Assert.False(waiting.IsCompleted);
        Assert.All(reads, read => Assert.False(read.IsCompleted));
        origin.Send();
        Assert.Equal(1, await reads[0]);
    }

    [Fact]
    public async Task Add_PlacesAreFree_BodiesHoldNoSlot()
    {
        var bodies = new ClientPacedBodies(_slots, places: 3, MinRate, _time);

        var opened = new[] { await OpenAsync(bodies), await OpenAsync(bodies), await OpenAsync(bodies) }; // there are two slots

        Assert.Equal((0, 3), (_slots.InUse, bodies.Placed));
        Assert.Equal(10_000, (await ReadToEndAsync(opened[0])).Length);
        opened[1].Dispose();
        Assert.Equal((0, 1), (_slots.InUse, bodies.Placed));
    }

    [Fact]
    public async Task Remove_BodiesWithoutPlaceAreLeft_OldestOfThemGivesItsSlotBack()
    {
        var bodies = new ClientPacedBodies(_slots, places: 1, MinRate, _time);
        var (placed, second, third) = (await OpenAsync(bodies), await OpenAsync(bodies), await OpenAsync(bodies));
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();
        Assert.False(waiting.IsCompleted);

        placed.Dispose();

        Assert.NotNull(await waiting.WaitAsync(Patience.Limit, Cancel));
        Assert.Equal((2, 1), (_slots.InUse, bodies.Placed)); // the request, and the third body
        second.Dispose();
        Assert.Equal((1, 1), (_slots.InUse, bodies.Placed));
        third.Dispose();
        Assert.Equal((1, 0), (_slots.InUse, bodies.Placed));
    }

    [Fact]
    public async Task Window_AllPlacesAndSlotsAreInUse_SlowBodyWithPlaceEndsAndAFastOneTakesIt()
    {
        var bodies = new ClientPacedBodies(_slots, places: 1, MinRate, _time);
        var (slow, fast, other) = (await OpenAsync(bodies), await OpenAsync(bodies), await OpenAsync(bodies));
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();
        foreach (var body in new[] { fast, other })
        {
            Assert.Equal(5_000, await body.ReadAsync(new byte[5_000], Cancel));
        }

        _time.Advance(ClientPacedBodies.Window);

        Assert.NotNull(await waiting.WaitAsync(Patience.Limit, Cancel));
        Assert.Equal(ProxyError.Overloaded, (await Assert.ThrowsAsync<ChunkReadException>(() => ReadToEndAsync(slow))).Error);
        Assert.Equal(5_000, (await ReadToEndAsync(fast)).Length);
        Assert.Equal(5_000, (await ReadToEndAsync(other)).Length);
    }

    [Fact]
    public async Task Window_RequestsHoldAllSlots_SlowBodyWithPlaceStays()
    {
        var bodies = new ClientPacedBodies(_slots, places: 1, MinRate, _time);
        var body = await OpenAsync(bodies);
        var requests = new[] { await _slots.TakeAsync(default, Cancel), await _slots.TakeAsync(default, Cancel) };
        var waiting = _slots.TakeAsync(default, Cancel).AsTask();

        _time.Advance(2 * ClientPacedBodies.Window);

        Assert.False(waiting.IsCompleted);
        Assert.Equal(10_000, (await ReadToEndAsync(body)).Length);
        requests[0]!.Dispose();
        Assert.NotNull(await waiting.WaitAsync(Patience.Limit, Cancel));
    }

    private static async Task<byte[]> ReadToEndAsync(OriginStream body)
    {
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes, Cancel);
        return bytes.ToArray();
    }

    private Task<OriginStream> OpenAsync(Stream bytes) => OpenAsync(_bodies, bytes);

    private async Task<OriginStream> OpenAsync(ClientPacedBodies bodies, Stream? bytes = null)
    {
        var body = new OriginStream(new HttpResponseMessage(), bytes ?? new MemoryStream(new byte[10_000]), (await _slots.TakeAsync(default, Cancel))!, TimeSpan.FromHours(1), _time);
        bodies.Add(body);
        return body;
    }

    private sealed class SilentStream : MemoryStream
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Send() => _sent.SetResult();

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _sent.Task.WaitAsync(cancellationToken);
            return 1;
        }
    }
}
