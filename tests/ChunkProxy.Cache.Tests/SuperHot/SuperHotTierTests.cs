using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Tests.Peers;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using StackExchange.Redis;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.SuperHot;

/// <summary>Two members and a real Redis: the one that does not own the chunk takes its near copy from there.</summary>
public sealed class SuperHotTierTests(RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_SuperHotChunk_ComesOutOfRedisAtAnotherProcess()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin);
        await PublishAsync(cluster, "/film");

        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected;
        await ReadOftenAsync(newcomer, "/film", 10);

        Assert.InRange(newcomer.Metrics.BytesFrom(ChunkSource.SuperHot), MiB - 1000, MiB); // the chunk's front, which nobody reads, may be on its way
    }

    [Fact]
    public async Task Read_OwnerIsGone_SuperHotChunksAreServedOn()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin, ("NearCopies:Threshold", "1"));
        await PublishAsync(cluster, "/film");
        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected;
        await newcomer.FindAsync("/film", null, Stop);
        await cluster[cluster.OwnerOf("/film", 0)].Pool.StopAsync(Stop);
        await origin.RefuseAsync();

        await newcomer.ReadAsync("/film", new ByteRange(0, MiB), Stop);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("flipped")]
    [InlineData("another chunk")]
    [InlineData("short")]
    public async Task Read_RedisHoldsRubbish_IsReadFromTheOwner(string rubbish)
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin);
        var version = await PublishAsync(cluster, "/film");
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        var key = SuperHotValue.KeyOf(version.Chunk(0).Key);
        byte[] value = (await client.GetDatabase().StringGetAsync(key))!;
        value = rubbish switch
        {
            "garbage" => [1, 2, 3],
            "flipped" => [.. value[..5000], (byte)(value[5000] ^ 4), .. value[5001..]],
            "short" => value[..^1],
            _ => SuperHotValue.Encode(version.Chunk(1).Key, value.AsSpan(40)),
        };
        await client.GetDatabase().StringSetAsync(key, value);

        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected;
        await ReadOftenAsync(newcomer, "/film", 10);

        Assert.Equal(0, newcomer.Metrics.BytesFrom(ChunkSource.SuperHot));
    }

    [Fact]
    public async Task Read_RedisStandsStill_NobodyFailsAndItIsUsedAgainLater()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin, ("SuperHot:RetryAfter", "00:00:00.010"), ("SuperHot:Timeout", "00:00:00.020"));
        await PublishAsync(cluster, "/film");
        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected;
        redis.Pause();
        try
        {
            await ReadOftenAsync(newcomer, "/film", 30);
        }
        finally
        {
            redis.Resume();
        }

        Assert.Equal(0, newcomer.Metrics.BytesFrom(ChunkSource.SuperHot));
        Assert.True(newcomer.Metrics.ReadsFrom(ChunkSource.Peer) > 0);
    }

    private Task<Cluster> StartAsync(ScriptedOrigin origin, params (string Key, string Value)[] settings) =>
        Cluster.StartAsync(origin, 2, Stop, [("Redis", redis.Endpoint), ("SuperHot:Threshold", "4"), ("SuperHot:Timeout", "00:00:10"), .. settings]);

    // Reads through both members until the first chunk's owner has published it.
    private async Task<ObjectVersion> PublishAsync(Cluster cluster, string path)
    {
        var reader = cluster.AddFrontEnd(("NearCopies:Threshold", "0"));
        var version = await reader.FindAsync(path, 0, Stop);
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        await client.GetDatabase().KeyDeleteAsync(SuperHotValue.KeyOf(version.Chunk(0).Key));
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!await client.GetDatabase().KeyExistsAsync(SuperHotValue.KeyOf(version.Chunk(0).Key)))
        {
            patience.Token.ThrowIfCancellationRequested();
            await reader.ReadAsync(path, new ByteRange(0, MiB), Stop);
        }

        return version;
    }

    private static async Task ReadOftenAsync(Lookup.Engine engine, string path, int times)
    {
        for (var i = 0; i < times; i++)
        {
            await engine.ReadAsync(path, new ByteRange(1000, MiB), Stop);
        }
    }
}
