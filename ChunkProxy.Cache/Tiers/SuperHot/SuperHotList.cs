using System.Collections.Concurrent;
using System.Globalization;
using ChunkProxy.Cache.Chunks;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Chunks stored in Redis: a sorted set there, scored by expiry time, and this process's latest copy of it.</summary>
/// <remarks>
/// From the list every process, even a new one, knows the super-hot chunks of the whole cluster before its own clients request them, and it asks
/// Redis for no others. Times come from the clocks of the processes. A clock that differs by part of the lifetime lists a chunk too long by
/// that much (a read finds it absent), or too short (the chunk is read from its owner).
/// </remarks>
internal sealed class SuperHotList(SuperHotSeal seal, TimeProvider time, int most)
{
    private const string Key = "chunkproxy:hot";

    // A chunk that is still listed, although Redis evicted it, has its place already.
    private const string TakePlace = """
        local expires = redis.call('ZSCORE', KEYS[1], ARGV[1])
        if not (expires and tonumber(expires) >= tonumber(ARGV[3])) and redis.call('ZCOUNT', KEYS[1], ARGV[3], '+inf') >= tonumber(ARGV[4]) then return 0 end
        redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
        return 1
        """;

    private const string GiveBack = "return redis.call('EXISTS', KEYS[2], KEYS[3]) == 0 and redis.call('ZREM', KEYS[1], ARGV[1]) or 0";

    private volatile ConcurrentDictionary<ChunkKey, double> _chunks = new(); // expiry time in ms since 1970

    public int Count => _chunks.Count;

    /// <summary>Whether Redis held the chunk at the last read of the list and it has not expired since.</summary>
    public bool Contains(ChunkKey chunk) => _chunks.TryGetValue(chunk, out var expires) && Now < expires;

    /// <summary>Reads the list again. Removes expired entries from Redis.</summary>
    public async Task<bool> ReadAsync(IDatabase redis)
    {
        var now = Now;
        var forgotten = redis.SortedSetRemoveRangeByScoreAsync(Key, double.NegativeInfinity, now);
        var listed = await redis.SortedSetRangeByScoreWithScoresAsync(Key, now, double.PositiveInfinity, order: Order.Descending, take: most).ConfigureAwait(false);
        await forgotten.ConfigureAwait(false);
        var chunks = new ConcurrentDictionary<ChunkKey, double>();
        foreach (var entry in listed)
        {
            if (Parse(entry.Element) is { } chunk)
            {
                chunks.TryAdd(chunk, entry.Score); // two entries while the pool key is replaced: the first one expires later
            }
        }

        _chunks = chunks;
        return true;
    }

    /// <summary>Deletes the list's key, for a foreign value stored under it.</summary>
    public static Task<bool> DeleteAsync(IDatabase redis) => redis.KeyDeleteAsync(Key);

    /// <summary>Lists a stored chunk for another lifetime.</summary>
    public async Task AddAsync(IDatabase redis, ChunkKey chunk, TimeSpan lifetime)
    {
        var expires = Now + lifetime.TotalMilliseconds;
        await redis.SortedSetAddAsync(Key, Name(chunk), expires).ConfigureAwait(false);
        _chunks[chunk] = expires;
    }

    /// <summary>Takes a place for a new chunk, then stores it. Returns false if the list is full.</summary>
    /// <remarks>
    /// Redis compares and adds in one step: of many chunks published at the same moment, exactly as many as there are places are stored. Another process may
    /// read the list before the chunk is stored. It finds the chunk absent, and asks its owner.
    /// </remarks>
    public async Task<bool> TryAddAsync(IDatabase redis, ChunkKey chunk, TimeSpan lifetime, Func<Task> store)
    {
        var now = Now;
        var expires = now + lifetime.TotalMilliseconds;
        if (!(bool)await redis.ScriptEvaluateAsync(TakePlace, [Key], [Name(chunk), expires, now, most]).ConfigureAwait(false))
        {
            return false;
        }

        try
        {
            await store().ConfigureAwait(false);
        }
        catch
        {
            await redis.SortedSetRemoveAsync(Key, Name(chunk), CommandFlags.FireAndForget).ConfigureAwait(false);
            throw;
        }

        _chunks[chunk] = expires;
        return true;
    }

    /// <summary>Deletes the chunk from the list, unless it is there by now or a process is about to store it. Does not wait for Redis.</summary>
    public Task<RedisResult> DeleteAbsentAsync(IDatabase redis, ChunkKey chunk)
    {
        _chunks.TryRemove(chunk, out _);
        return redis.ScriptEvaluateAsync(GiveBack, [Key, SuperHotValue.KeyOf(chunk), SuperHotValue.ClaimOf(chunk)], [Name(chunk)], CommandFlags.FireAndForget);
    }

    /// <summary>Deletes the chunk from Redis and from the list, without waiting for Redis.</summary>
    public async Task<bool> DeleteAsync(IDatabase redis, ChunkKey chunk)
    {
        _chunks.TryRemove(chunk, out _);
        await redis.SortedSetRemoveAsync(Key, Name(chunk), CommandFlags.FireAndForget).ConfigureAwait(false);
        return await redis.KeyDeleteAsync(SuperHotValue.KeyOf(chunk), CommandFlags.FireAndForget).ConfigureAwait(false);
    }

    /// <summary>Known chunks of these versions in Redis.</summary>
    public IReadOnlyList<ChunkKey> Of(IReadOnlySet<Hash128> versions) => [.. _chunks.Keys.Where(chunk => versions.Contains(chunk.Version))];

    private double Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private RedisValue Name(ChunkKey chunk) => seal.Encode(string.Create(CultureInfo.InvariantCulture, $"{chunk.Version}:{chunk.Index}"));

    private ChunkKey? Parse(RedisValue name) =>
        seal.TryDecode(name.ToString())?.Split(':') is [{ Length: 32 } version, var index]
        && Hash128.TryParse(version, out var hash)
        && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ChunkKey(hash, number)
            : null;
}
