using ChunkProxy.Testing.Etcd;
using ChunkProxy.Testing.Nodes;
using ChunkProxy.Testing.Redis;

namespace ChunkProxy.FunctionalTests.Cluster;

/// <summary>A cluster of real processes under load, whose shared Redis stops, hangs and restarts.</summary>
public sealed class RedisTests(EtcdServer etcd) : IClassFixture<EtcdServer>
{
    private const int Places = 8; // SuperHot:Concurrency
    private const string Missed = "Redis unavailable";
    private const string Back = "Redis available again";
    private const string TimedOut = "superHot.reads.byOutcome.timedOut";

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Redis_StopsAndHangsUnderLoad_NoReadFailsAndItIsUsedAgain()
    {
        await using var redis = await RedisServer.StartAsync(Now);
        await using var cluster = new EtcdCluster(etcd)
        {
            Arguments = $"-redis {redis.Endpoint} -size-c 64KiB -size-m 2MiB",
            Settings = [("SuperHot:Threshold", "2"), ("NearCopies:Threshold", "2"), ("SuperHot:RetryAfter", "00:00:00.200"), ("SuperHot:Timeout", "00:00:02")],
        };
        var film = cluster.Origin.Add("/film.mp4", 4 * OneNode.MiB); // twice a front end's memory, so near copies are evicted
        await cluster.AddAsync(2, Now);
        var frontEnd = await cluster.AddFrontEndAsync(Now);
        await using var load = ReadLoad.Start([frontEnd, frontEnd, frontEnd, cluster.Members[0].Node], film);
        await WhenHitAsync(frontEnd, load);

        load.Begin("Redis is stopped");
        var told = Count(frontEnd, Missed);
        await redis.StopAsync();
        await WhenSaidAsync(frontEnd, Missed, told + 1);
        await load.WhenEachReadAsync(5, Now);
        load.Begin("Redis is back");
        told = Count(frontEnd, Back);
        await redis.StartAgainAsync(Now);
        await WhenSaidAsync(frontEnd, Back, told + 1);
        await WhenHitAsync(frontEnd, load);

        load.Begin("Redis hangs");
        told = Count(frontEnd, Missed);
        var timedOut = await frontEnd.StatAsync(TimedOut, Now);
        redis.Pause();
        await WhenSaidAsync(frontEnd, Missed, told + 1);
        await load.WhenEachReadAsync(5, Now);
        timedOut = await frontEnd.StatAsync(TimedOut, Now) - timedOut;
        told = Count(frontEnd, Back);
        redis.Resume();
        await WhenSaidAsync(frontEnd, Back, told + 1);
        await WhenHitAsync(frontEnd, load);
        await load.StopAsync();

        Assert.Empty(load.Failures);
        Assert.InRange(timedOut, 0, Places);
    }

    private static async Task WhenHitAsync(Node frontEnd, ReadLoad load)
    {
        var before = await frontEnd.StatAsync("superHot.reads.byOutcome.hit", Now);
        while (await frontEnd.StatAsync("superHot.reads.byOutcome.hit", Now) == before)
        {
            await load.WhenEachReadAsync(1, Now);
        }
    }

    private static Task<string> WhenSaidAsync(Node frontEnd, string line, int times) =>
        frontEnd.WhenLineAsync(_ => Count(frontEnd, line) >= times, $"{line}, {times} times", Now);

    private static int Count(Node frontEnd, string line) => frontEnd.Output.Split('\n').Count(it => it.Contains(line, StringComparison.Ordinal));
}
