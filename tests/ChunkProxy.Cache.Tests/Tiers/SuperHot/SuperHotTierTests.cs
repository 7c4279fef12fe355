using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tests.Pool;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using ChunkProxy.Testing.Scripted;
using ChunkProxy.Testing.Signals;
using StackExchange.Redis;
using static ChunkProxy.Cache.Tests.Lookup.Engine;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

/// <summary>Two members and a real Redis: the member that does not own the chunk fetches its near copy from Redis.</summary>
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
        var before = cluster.Nodes.Sum(node => node.Engine.PeerReadsServed);
        await ReadOftenAsync(newcomer, "/film", 1);

        Assert.InRange(newcomer.Metrics.BytesFrom(ChunkSource.SuperHot), MiB - 1000, MiB); // the chunk's front is not read, and may be in flight
        Assert.Equal(before, cluster.Nodes.Sum(node => node.Engine.PeerReadsServed));
    }

    [Fact]
    public async Task Read_NobodyAsksTheOwnerAnyMore_HoldersOfNearCopiesKeepTheChunkInRedis()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin, ("SuperHot:Lifetime", "00:00:01"));
        await PublishAsync(cluster, "/film");
        var holder = cluster.AddFrontEnd();
        await holder.SuperHot.Connected;
        await ReadOftenAsync(holder, "/film", 10);

        using var patience = new CancellationTokenSource(Patience.Limit);
        var owner = cluster[cluster.OwnerOf("/film", 0)];
        var before = owner.PeerReadsServed;
        while (holder.SuperHot.Metrics.Publishes(SuperHotPublishOutcome.Prolonged) < 3) // each half of its lifetime once
        {
            patience.Token.ThrowIfCancellationRequested();
            await ReadOftenAsync(holder, "/film", 1);
        }

        Assert.Equal(before, owner.PeerReadsServed);
    }

    [Fact]
    public async Task Publish_MoreThanMayBeThere_StaysWithinTheSize()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 12 * MiB);
        await using var cluster = await StartAsync(origin, ("SuperHot:Size", "4MiB"));
        await using var client = await RedisConsole.ConnectAsync(redis);
        await client.FlushAsync();
        var reader = cluster.AddFrontEnd(("NearCopies:Threshold", "0"));

        using var patience = new CancellationTokenSource(Patience.Limit);
        while (Sum(SuperHotPublishOutcome.Published) + Sum(SuperHotPublishOutcome.Full) < 12) // then none is tried again soon
        {
            patience.Token.ThrowIfCancellationRequested();
            await reader.ReadAsync("/film", ByteRange.Whole(12 * MiB), Stop);
        }

        Assert.Equal(Sum(SuperHotPublishOutcome.Published), (await client.KeysAsync()).Count(key => key.Split(':') is [_, { Length: 32 }, _]));
        Assert.InRange(Sum(SuperHotPublishOutcome.Published), 1, 4);

        long Sum(SuperHotPublishOutcome outcome) => cluster.Nodes.Sum(node => node.Engine.SuperHot.Metrics.Publishes(outcome));
    }

    [Fact]
    public async Task Read_AllMembersAndTheOriginAreGone_SuperHotChunksAreServedToProcessesThatNeverHeardOfTheObject()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin);
        var version = await PublishAsync(cluster, "/film");
        foreach (var (member, _) in cluster.Nodes)
        {
            await member.Pool.StopAsync(Stop);
        }

        await origin.RefuseAsync();
        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected;

        await newcomer.ReadAsync("/film", new ByteRange(0, MiB), Stop);

        var found = await newcomer.FindAsync("/film", null, Stop);
        Assert.Equal((version.Hash, version.Headers.ETag), (found.Hash, found.Headers.ETag));
    }

    [Fact]
    public async Task Read_OwnerAndOriginAreGone_TheNextOwnerHasItsSuperHotChunks()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin, ("SuperHot:RetryAfter", "00:00:00.010"));
        var version = await PublishAsync(cluster, "/film");
        var owner = cluster.OwnerOf("/film", 0);
        var next = cluster[1 - owner];
        await next.FindAsync("/film", null, Stop);
        using var patience = new CancellationTokenSource(Patience.Limit);
        await using var client = await RedisConsole.ConnectAsync(redis);
        while (!next.SuperHot.Contains(version.Chunk(0).Key))
        {
            await client.Database.PingAsync().WaitAsync(patience.Token);
        }

        await cluster[owner].Pool.StopAsync(Stop);
        await origin.RefuseAsync();
        cluster.Nodes[1 - owner].Membership.Set(cluster.IdOf(1 - owner));

        await next.ReadAsync("/film", new ByteRange(0, MiB), Stop);

        Assert.True(next.Metrics.BytesFrom(ChunkSource.SuperHot) > 0);
    }

    [Theory]
    [InlineData("garbage", nameof(SuperHotReadOutcome.Foreign))]
    [InlineData("of another type", nameof(SuperHotReadOutcome.Foreign))]
    [InlineData("flipped", nameof(SuperHotReadOutcome.Damaged))]
    [InlineData("short", nameof(SuperHotReadOutcome.Damaged))]
    [InlineData("another chunk", nameof(SuperHotReadOutcome.OtherChunk))]
    [InlineData("another version", nameof(SuperHotReadOutcome.OtherChunk))]
    public async Task Read_RedisHoldsRubbish_IsReadFromTheOwner(string rubbish, string outcome)
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
            "another chunk" => SuperHotValue.Encode(version.Chunk(1).Key, value.AsSpan(40)),
            _ => SuperHotValue.Encode(new ChunkKey(version.Hash with { Low = version.Hash.Low + 1 }, 0), value.AsSpan(40)),
        };
        await client.GetDatabase().KeyDeleteAsync(key);
        if (rubbish is "of another type")
        {
            await client.GetDatabase().ListLeftPushAsync(key, value);
        }
        else
        {
            await client.GetDatabase().StringSetAsync(key, value);
        }

        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected;
        await ReadOftenAsync(newcomer, "/film", 1);

        Assert.Equal(0, newcomer.Metrics.BytesFrom(ChunkSource.SuperHot));
        Assert.Equal(1, newcomer.SuperHot.Metrics.Reads(Enum.Parse<SuperHotReadOutcome>(outcome)));
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (await client.GetDatabase().KeyExistsAsync(key)) // the newcomer deletes it in the background
        {
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Read_SomebodyWithoutTheKeyWritesToRedis_IsNotBelieved()
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin, ("PoolKey", "a secret of the cluster"));
        var version = await PublishAsync(cluster, "/film");
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        var chunk = version.Chunk(0).Key;
        await client.GetDatabase().StringSetAsync(SuperHotValue.KeyOf(chunk), SuperHotValue.Encode(chunk, new byte[MiB])); // only the checksum is right
        var forged = new ObjectVersion(version.Id, new Validator("\"forged\""), version.Layout, version.Headers);
        await client.GetDatabase().StringSetAsync(SuperHotValue.KeyOf(version.Id), VersionRecord.Encode(forged));
        await client.GetDatabase().SortedSetAddAsync("chunkproxy:hot", $"{chunk.Version}:1", double.MaxValue);

        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected;
        await ReadOftenAsync(newcomer, "/film", 1);

        Assert.Equal(0, newcomer.Metrics.BytesFrom(ChunkSource.SuperHot));
        Assert.Equal(1, newcomer.SuperHot.Metrics.Reads(SuperHotReadOutcome.Foreign));
        Assert.False(newcomer.SuperHot.Contains(version.Chunk(1).Key));
        Assert.Null(await newcomer.SuperHot.FindVersionAsync(version.Id, MiB, Stop));
    }

    [Fact]
    public async Task Read_ListNamesAChunkTwice_TheTierGoesOn() // as while the pool key is replaced: the former entry expires later
    {
        await using var origin = ScriptedOrigin.Start();
        origin.Add("/film", 3 * MiB);
        await using var cluster = await StartAsync(origin);
        var version = await PublishAsync(cluster, "/film");
        await using var client = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint);
        await client.GetDatabase().SortedSetAddAsync("chunkproxy:hot", $"{version.Hash}:00", double.MaxValue);

        var newcomer = cluster.AddFrontEnd();
        await newcomer.SuperHot.Connected.WaitAsync(Patience.Limit, Stop);

        Assert.True(newcomer.SuperHot.Contains(version.Chunk(0).Key));
    }

    private Task<TestCluster> StartAsync(ScriptedOrigin origin, params (string Key, string Value)[] settings) =>
        TestCluster.StartAsync(origin, 2, Stop, [("Redis", redis.Endpoint), ("SuperHot:Threshold", "4"), ("SuperHot:Timeout", "00:00:10"), .. settings]);

    // Reads through both members until the first chunk's owner has published it.
    private async Task<ObjectVersion> PublishAsync(TestCluster cluster, string path)
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
