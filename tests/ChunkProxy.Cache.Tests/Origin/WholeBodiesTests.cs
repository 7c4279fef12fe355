using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Origin;

public sealed class WholeBodiesTests : IDisposable
{
    private const int Size = 1000;

    private readonly FakeTimeProvider _time = new();
    private readonly OriginSlots _slots;
    private readonly WholeBodies _bodies;

    public WholeBodiesTests()
    {
        _slots = new OriginSlots(4, TimeSpan.FromMinutes(1), _time);
        _bodies = new WholeBodies(_time, mostIdle: 2);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _bodies.Dispose();

    [Fact]
    public async Task Return_MoreUnusedBodiesThanAllowed_LongestUnusedIsClosed()
    {
        var versions = Enumerable.Range(0, 3).Select(i => TestChunks.Version($"/film{i}", Size, 100)).ToArray();
        foreach (var version in versions[..2])
        {
            await ReadAsync(version);
        }

        Assert.Equal(2, _slots.InUse);
        await ReadAsync(versions[2]);

        Assert.Equal(2, _slots.InUse);
        Assert.Null(await _bodies.TakeAsync(versions[0], 100, Cancel));
        Assert.NotNull(await _bodies.TakeAsync(versions[1], 100, Cancel));
        Assert.NotNull(await _bodies.TakeAsync(versions[2], 100, Cancel));
    }

    [Fact]
    public async Task Return_BodyWasUsedSince_IsNotTheLongestUnused()
    {
        var versions = Enumerable.Range(0, 3).Select(i => TestChunks.Version($"/film{i}", Size, 100)).ToArray();
        await ReadAsync(versions[0]);
        await ReadAsync(versions[1]);
        var again = await _bodies.TakeAsync(versions[0], 100, Cancel);
        _bodies.Return(again!, broken: false);

        await ReadAsync(versions[2]);

        Assert.NotNull(await _bodies.TakeAsync(versions[0], 100, Cancel));
        Assert.Null(await _bodies.TakeAsync(versions[1], 100, Cancel));
    }

    [Fact]
    public async Task Return_OneClientHasTheMostUnusedBodies_LosesItsOwn()
    {
        var versions = Enumerable.Range(0, 4).Select(i => TestChunks.Version($"/film{i}", Size, 100)).ToArray();
        await ReadAsync(versions[0], new ClientKey(1));
        await ReadAsync(versions[1], new ClientKey(2));

        await ReadAsync(versions[2], new ClientKey(2));
        await ReadAsync(versions[3], new ClientKey(2));

        Assert.NotNull(await _bodies.TakeAsync(versions[0], 100, Cancel)); // unused for the longest time
        Assert.Null(await _bodies.TakeAsync(versions[1], 100, Cancel));
        Assert.Null(await _bodies.TakeAsync(versions[2], 100, Cancel));
        Assert.NotNull(await _bodies.TakeAsync(versions[3], 100, Cancel));
    }

    private async Task ReadAsync(ObjectVersion version, ClientKey client = default)
    {
        ClientKey.Current = client; // of this call only
        var stream = new OriginStream(
            new HttpResponseMessage(), new MemoryStream(new byte[Size]), (await _slots.TakeAsync(default, Cancel))!, TimeSpan.FromHours(1), _time);
        var body = new OriginBody(stream, new ByteRange(0, Size), isWhole: true);
        _bodies.Reading(version, body, 100);
        await body.ReadAsync(new byte[100], Cancel);
        _bodies.Return(body, broken: false);
    }
}
