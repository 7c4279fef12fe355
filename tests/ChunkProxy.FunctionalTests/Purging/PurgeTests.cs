using System.Globalization;
using System.Net.Sockets;
using System.Text;
using ChunkProxy.FunctionalTests.Cluster;
using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Faults;
using ChunkProxy.Testing.Redis;

namespace ChunkProxy.FunctionalTests.Purging;

/// <summary>After a purge every byte is the new one, through every process and out of every tier, though the entity tag is the old one.</summary>
public sealed class PurgeTests(EtcdServer etcd, RedisServer redis, PurgeClusters clusters)
    : IClassFixture<EtcdServer>, IClassFixture<RedisServer>, IClassFixture<PurgeClusters>, IAsyncDisposable
{
    private static CancellationToken Now => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (TestContext.Current.TestState?.Result is not TestResult.Passed)
        {
            await clusters.DisposeAsync();
        }
    }

    [Fact]
    public async Task AllAreThere_EveryByteIsTheNewOneEverywhere()
    {
        await using var cluster = await PurgeCluster.StartAsync(
            etcd,
            members: 2,
            Now,
            [("Redis", redis.Endpoint), ("SuperHot:Threshold", "1"), ("SuperHot:Timeout", "00:00:01"), .. EtcdCluster.NobodyHangs]);
        await cluster.WarmMemoryAsync(Now); // chunks in Redis need not reach every disk
        for (long before = -1, keys = await RedisKeysAsync(); keys != before; keys = await RedisKeysAsync())
        {
            before = keys; // as long as a round adds some, more may be on their way there
            await cluster.VerifyAllAsync(Now);
        }

        var stored = await RedisKeysAsync();
        Assert.True(stored > 0);

        cluster.ChangeBytes();
        var answer = await cluster.FrontEnd.PurgeAsync(cluster.Film.Path, isComplete: true, Now);

        Assert.True(answer.Chunks() >= 33, answer.ToString());
        Assert.InRange(await RedisKeysAsync(), 0, stored / 4); // a chunk on its way to Redis may arrive after the purge; nobody reads that generation
        await cluster.VerifyAllAsync(Now);

        foreach (var member in cluster.Members) // and again, from the tiers that are full of the new ones by now
        {
            cluster.ChangeBytes();
            await member.Node.PurgeAsync(cluster.Film.Path, isComplete: true, Now);
            await cluster.VerifyAllAsync(Now);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MemberHung_ForgetsWhenItWakesUp(bool withEtcd)
    {
        var cluster = await clusters.GetAsync(withEtcd ? etcd : null, Now);
        await cluster.WarmAsync(Now);
        var hung = cluster.Members[0];
        hung.Node.Pause();

        cluster.ChangeBytes();
        var answer = await cluster.Members[1].Node.PurgeAsync(cluster.Film.Path, isComplete: false, Now);
        hung.Node.Resume();

        Assert.Contains(hung.Id, answer.Missing());
        await hung.Node.VerifyAsync(cluster.Film, Now, step: PurgeCluster.Size);
        await cluster.VerifyAllAsync(Now);
    }

    [Fact]
    public async Task FrontEndHung_ForgetsWhenItWakesUp()
    {
        var cluster = await clusters.GetAsync(etcd: null, Now);
        await cluster.WarmAsync(Now);
        cluster.FrontEnd.Pause();

        cluster.ChangeBytes();
        var answer = await cluster.Members[1].Node.PurgeAsync(cluster.Film.Path, isComplete: false, Now);
        cluster.FrontEnd.Resume();

        Assert.StartsWith("front end ", Assert.Single(answer.Missing()), StringComparison.Ordinal);
        await cluster.FrontEnd.VerifyAsync(cluster.Film, Now, step: PurgeCluster.Size);
        await cluster.VerifyAllAsync(Now);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task MemberKilledMeanwhile_StartsAgainWithItsDiskAndServesNothingOfIt(bool withEtcd)
    {
        var cluster = await clusters.GetAsync(withEtcd ? etcd : null, Now);
        await cluster.WarmAsync(Now);
        var killed = cluster.Members[^1];
        killed.Node.Pause();

        cluster.ChangeBytes();
        var purging = cluster.Members[0].Node.PurgeAsync(cluster.Film.Path, isComplete: false, Now);
        await cluster.Members[0].Node.WhenLineAsync(line => line.Contains($"Purged {cluster.Film.Path}:", StringComparison.Ordinal), "the purge has begun", Now);
        await killed.Node.KillAsync();
        Assert.Equal([killed.Id], (await purging).Missing());
        await killed.StartAsync(Now, ("Purges:Lapse", "00:01:00")); // as long as it may take to reach etcd and the others on a slow machine

        await killed.Node.VerifyAsync(cluster.Film, Now, step: PurgeCluster.Size);
        await cluster.VerifyAllAsync(Now);
        await killed.Node.KillAsync();
        await killed.StartAsync(Now); // with the time of the others again
    }

    [Fact]
    public async Task MemberCannotBeReached_HearsItFromTheOthers()
    {
        var cluster = await clusters.GetAsync(etcd: null, Now);
        await cluster.WarmAsync(Now);
        var cutOff = cluster.Members[2];
        cutOff.Proxy!.Mode = FaultMode.Stall; // the others cannot reach it; it can reach them

        cluster.ChangeBytes();
        var answer = await cluster.Members[0].Node.PurgeAsync(cluster.Film.Path, isComplete: false, Now);

        Assert.Equal([cutOff.Id], answer.Missing());
        await cutOff.Node.VerifyAsync(cluster.Film, Now, step: PurgeCluster.Size);
        cutOff.Proxy.Mode = FaultMode.Pass;
        await cluster.VerifyAllAsync(Now);
    }

    [Fact]
    public async Task AllKilledAfterwards_TheOneThatWasAwayIsTheFirstToStart_WaitsForTheOthers()
    {
        var cluster = await clusters.GetAsync(etcd: null, Now);
        await PurgeWhileTheSecondIsAwayAndKillAllAsync(cluster);
        await cluster.Members[1].StartAsync(Now, ("Purges:Lapse", "00:01:00")); // as long as the others may take on a slow machine
        var read = cluster.Members[1].Node.VerifyAsync(cluster.Film, Now, step: PurgeCluster.Size);
        await Task.WhenAll(cluster.Members[0].StartAsync(Now), cluster.Members[2].StartAsync(Now));

        await read;
        await cluster.VerifyAllAsync(Now);
        await cluster.Members[1].Node.KillAsync();
        await cluster.Members[1].StartAsync(Now); // with the time of the others again
    }

    [Fact]
    public async Task AllKilledAfterwards_AlsoTheOneThatWasAway_NothingOldComesBack()
    {
        var cluster = await clusters.GetAsync(etcd: null, Now);
        await PurgeWhileTheSecondIsAwayAndKillAllAsync(cluster);
        await Task.WhenAll(cluster.Members.Select(member => member.StartAsync(Now)));

        await cluster.VerifyAllAsync(Now);
        foreach (var node in cluster.All) // as before they were killed, each can tell all others
        {
            cluster.ChangeBytes();
            var answer = await node.PurgeAsync(cluster.Film.Path, isComplete: true, Now);
            Assert.True(answer.Chunks() >= 33, answer.ToString());
            await cluster.VerifyAllAsync(Now);
        }
    }

    private static async Task PurgeWhileTheSecondIsAwayAndKillAllAsync(PurgeCluster cluster)
    {
        await cluster.WarmAsync(Now);
        await cluster.Members[1].Node.KillAsync();

        cluster.ChangeBytes();
        await cluster.Members[0].Node.PurgeAsync(cluster.Film.Path, isComplete: false, Now);
        await Task.WhenAll(cluster.Members.Select(member => member.Node.KillAsync()));
    }

    // The cached chunks. The list may exist even if it is empty.
    private async Task<long> RedisKeysAsync() => long.Parse(
        (await AskRedisAsync("EVAL \"return #redis.call('keys','chunkproxy:*:*')\" 0")).AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture);

    private async Task<string> AskRedisAsync(string command)
    {
        using var client = new TcpClient("127.0.0.1", redis.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"), Now);
        using var reader = new StreamReader(stream);
        return (await reader.ReadLineAsync(Now))!;
    }
}
