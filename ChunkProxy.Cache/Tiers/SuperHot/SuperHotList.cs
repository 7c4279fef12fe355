using System.Collections.Concurrent;
using System.Globalization;
using ChunkProxy.Cache.Chunks;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Which chunks lie in Redis: a sorted set there, by the time at which they expire, and what this process saw of it last.</summary>
/// <remarks>
/// By it every process knows what is super hot in the whole cluster before a client of its own asks, a new one too, and asks Redis for nothing
/// else. Times are those of the processes' clocks: where these differ by a part of the lifetime, a chunk is listed so much too long
/// (a look finds it absent) or too short (it is read from its owner).
/// </remarks>
internal sealed class SuperHotList(SuperHotSeal seal, TimeProvider time, int most)
{
    private const string Key = "chunkproxy:hot";

    private volatile ConcurrentDictionary<ChunkKey, double> _chunks = new(); // when they expire, in ms since 1970

    public int Count => _chunks.Count;

    /// <summary>The chunk lay in Redis when the list was read last, and cannot have expired since.</summary>
    public bool Contains(ChunkKey chunk) => _chunks.TryGetValue(chunk, out var expires) && Now < expires;

    /// <summary>Reads the list anew. What has expired longest ago goes from it.</summary>
    public async Task<bool> ReadAsync(IDatabase redis)
    {
        var now = Now;
        var forgotten = redis.SortedSetRemoveRangeByScoreAsync(Key, double.NegativeInfinity, now);
        var listed = await redis.SortedSetRangeByScoreWithScoresAsync(Key, now, double.PositiveInfinity, order: Order.Descending, take: most).ConfigureAwait(false);
        await forgotten.ConfigureAwait(false);
        _chunks = new(listed.SelectMany(entry => Parse(entry.Element) is { } chunk ? [KeyValuePair.Create(chunk, entry.Score)] : Enumerable.Empty<KeyValuePair<ChunkKey, double>>()));
        return true;
    }

    /// <summary>Somebody else's value is in the list's place.</summary>
    public static Task<bool> DeleteAsync(IDatabase redis) => redis.KeyDeleteAsync(Key);

    /// <summary>Returns how many chunks more may be in Redis; below zero: too many are.</summary>
    public async Task<long> RoomAsync(IDatabase redis) => most - await redis.SortedSetLengthAsync(Key, Now, double.PositiveInfinity).ConfigureAwait(false);

    public async Task AddAsync(IDatabase redis, ChunkKey chunk, TimeSpan lifetime)
    {
        var expires = Now + lifetime.TotalMilliseconds;
        await redis.SortedSetAddAsync(Key, Name(chunk), expires).ConfigureAwait(false);
        _chunks[chunk] = expires;
    }

    /// <summary>Takes the chunk out of Redis and from the list, without waiting for that.</summary>
    public async Task<bool> DeleteAsync(IDatabase redis, ChunkKey chunk)
    {
        _chunks.TryRemove(chunk, out _);
        await redis.SortedSetRemoveAsync(Key, Name(chunk), CommandFlags.FireAndForget).ConfigureAwait(false);
        return await redis.KeyDeleteAsync(SuperHotValue.KeyOf(chunk), CommandFlags.FireAndForget).ConfigureAwait(false);
    }

    /// <summary>The chunks of these versions that lie in Redis, as far as is known.</summary>
    public IReadOnlyList<ChunkKey> Of(IReadOnlySet<UInt128> versions) => [.. _chunks.Keys.Where(chunk => versions.Contains(chunk.Version))];

    private double Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private RedisValue Name(ChunkKey chunk) => seal.Encode(string.Create(CultureInfo.InvariantCulture, $"{chunk.Version:x32}:{chunk.Index}"));

    private ChunkKey? Parse(RedisValue name) =>
        seal.TryDecode(name.ToString())?.Split(':') is [{ Length: 32 } version, var index]
        && UInt128.TryParse(version, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash)
        && long.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ChunkKey(hash, number)
            : null;
}
