using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tests.Tiers.Disk;
using ChunkProxy.Cache.Tiers.SuperHot;
using ChunkProxy.Testing.Redis;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

public sealed class RedisLinkTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [Fact]
    public async Task TryAsync_LineSaysThatRedisFailedOrIsBack_TheBreakerSaysSoByThen()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync(redis.Endpoint + ",connectTimeout=60000");
        var log = new TestLog();
        var link = new RedisLink(
            Task.FromResult<IConnectionMultiplexer>(connection), places: 1, TimeProvider.System, new RecentEvents(TimeProvider.System), log.LoggerFor<RedisLink>());
        List<string?> reasons = [];
        log.Written += () => reasons.Add(link.Failure?.Reason);

        link.Bypass("the test says so");
        var answer = await link.TryAsync(static it => it.PingAsync(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(RedisOutcome.Answered, answer.Outcome);
        Assert.Equal(["the test says so", null], reasons);
    }
}
