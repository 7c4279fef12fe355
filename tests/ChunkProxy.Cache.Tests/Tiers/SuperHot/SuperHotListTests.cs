using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using Microsoft.Extensions.Time.Testing;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

public sealed class SuperHotListTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private const int Places = 4;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);
    private static readonly SuperHotSeal Seal = new(new KeyRing([new SharedSecret("a secret of the list")]));

    [Fact]
    public async Task TryAdd_ManyAtTheSameMoment_AsManyAsThereArePlacesAreStored()
    {
        await using var client = await RedisConsole.ConnectAsync(redis);
        await client.FlushAsync();
        var processes = new[] { List(), List(), List() };
        var stored = 0;

        var added = await Task.WhenAll(Enumerable.Range(0, 48).Select(i => processes[i % processes.Length].TryAddAsync(client.Database, Chunk(i), Lifetime, Store)).ToList());

        Assert.Equal((Places, Places), (added.Count(static isAdded => isAdded), stored));
        Assert.Equal(Places, processes.Sum(static list => list.Count));
        foreach (var list in processes)
        {
            await list.ReadAsync(client.Database);
            Assert.Equal(Places, list.Count);
        }

        async Task Store()
        {
            await client.Database.PingAsync(); // as long as a chunk is on its way, the others ask
            Interlocked.Increment(ref stored);
        }
    }

    [Fact]
    public async Task TryAdd_TheChunkIsNotStored_ItsPlaceIsFree()
    {
        await using var client = await RedisConsole.ConnectAsync(redis);
        await client.FlushAsync();
        var list = List();

        for (var i = 0; i < Places + 1; i++)
        {
            await Assert.ThrowsAsync<IOException>(() => list.TryAddAsync(client.Database, Chunk(i), Lifetime, static () => throw new IOException("out of memory")));
        }

        Assert.Equal(0, list.Count);
        Assert.True(await list.TryAddAsync(client.Database, Chunk(0), Lifetime, static () => Task.CompletedTask));
    }

    [Fact]
    public async Task TryAdd_AListedChunkThatRedisEvicted_NeedsNoSecondPlace()
    {
        await using var client = await RedisConsole.ConnectAsync(redis);
        await client.FlushAsync();
        var list = List();
        for (var i = 0; i < Places; i++)
        {
            Assert.True(await list.TryAddAsync(client.Database, Chunk(i), Lifetime, static () => Task.CompletedTask));
        }

        Assert.True(await list.TryAddAsync(client.Database, Chunk(0), Lifetime, static () => Task.CompletedTask));
        Assert.False(await list.TryAddAsync(client.Database, Chunk(Places), Lifetime, static () => Task.CompletedTask));
    }

    [Fact]
    public async Task TryAdd_AListedChunkThatExpired_NeedsAPlace()
    {
        await using var client = await RedisConsole.ConnectAsync(redis);
        await client.FlushAsync();
        var time = new FakeTimeProvider();
        var list = new SuperHotList(Seal, time, Places);
        Assert.True(await list.TryAddAsync(client.Database, Chunk(0), Lifetime, static () => Task.CompletedTask));
        time.Advance(2 * Lifetime);
        for (var i = 1; i <= Places; i++)
        {
            Assert.True(await list.TryAddAsync(client.Database, Chunk(i), Lifetime, static () => Task.CompletedTask));
        }

        Assert.False(await list.TryAddAsync(client.Database, Chunk(0), Lifetime, static () => Task.CompletedTask));
    }

    [Theory]
    [InlineData(false, false, 0)] // evicted
    [InlineData(true, false, 1)] // about to be stored
    [InlineData(false, true, 1)] // stored since it was found absent
    public async Task DeleteAbsent_LeavesTheEntryOfAChunkThatIsStored(bool isClaimed, bool isStored, int listed)
    {
        await using var client = await RedisConsole.ConnectAsync(redis);
        await client.FlushAsync();
        var list = List();
        Assert.True(await list.TryAddAsync(client.Database, Chunk(0), Lifetime, static () => Task.CompletedTask));
        if (isClaimed)
        {
            await client.Database.StringSetAsync(SuperHotValue.ClaimOf(Chunk(0)), 1);
        }

        if (isStored)
        {
            await client.Database.StringSetAsync(SuperHotValue.KeyOf(Chunk(0)), 1);
        }

        await list.DeleteAbsentAsync(client.Database, Chunk(0));

        Assert.Equal(0, list.Count); // it is not asked for until the list is read again
        await list.ReadAsync(client.Database);
        Assert.Equal(listed, list.Count);
    }

    private static SuperHotList List() => new(Seal, TimeProvider.System, Places);

    private static ChunkKey Chunk(int index) => new(new Hash128(1, 2), index);
}
