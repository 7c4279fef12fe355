using ChunkProxy.Testing.Redis;
using ChunkProxy.Testing.Signals;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tests.Tiers.SuperHot;

/// <summary>Direct access of tests to Redis.</summary>
internal sealed class RedisConsole : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;

    private RedisConsole(ConnectionMultiplexer connection) => _connection = connection;

    public IDatabase Database => _connection.GetDatabase();

    public static async Task<RedisConsole> ConnectAsync(RedisServer redis) =>
        new(await ConnectionMultiplexer.ConnectAsync($"{redis.Endpoint},allowAdmin=true,connectTimeout={Patience.Limit.TotalMilliseconds},asyncTimeout={Patience.Limit.TotalMilliseconds}"));

    /// <summary>Limits Redis's memory from now on.</summary>
    public async Task LimitMemoryAsync(string limit, string policy)
    {
        await Database.ExecuteAsync("CONFIG", "SET", "maxmemory-policy", policy);
        await Database.ExecuteAsync("CONFIG", "SET", "maxmemory", limit);
    }

    public Task FlushAsync() => Database.ExecuteAsync("FLUSHALL");

    public async Task<bool> HasEvictedAsync()
    {
        var lines = ((string)(await Database.ExecuteAsync("INFO", "stats"))!).Split("\r\n");
        return lines.Single(line => line.StartsWith("evicted_keys:", StringComparison.Ordinal)) != "evicted_keys:0";
    }

    public async Task<bool> ListsMoreThanThereIsAsync()
    {
        var chunks = (await KeysAsync()).Count(key => key.Split(':') is [_, { Length: 32 }, _]);
        return await Database.SortedSetLengthAsync("chunkproxy:hot") > chunks;
    }

    public async Task<string[]> KeysAsync() => (string[])(await Database.ExecuteAsync("KEYS", "*"))!;

    /// <summary>Bytes of all chunks there.</summary>
    public long SumOfLengths()
    {
        var database = Database;
        return ((string[])database.Execute("KEYS", "chunkproxy:*:*")!).Where(key => !key.EndsWith(":claim", StringComparison.Ordinal)).Sum(key => database.StringLength(key));
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
