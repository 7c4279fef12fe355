using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Memory;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Super-hot chunks in Redis, shared by all processes, so that a flash crowd does not melt the one that owns them.</summary>
/// <remarks>
/// Redis is a help and never a need: it is asked only while it answers in time and a place is free, and what it says is verified. After
/// any failure it is left alone for a while, so that no read waits for it twice.
/// </remarks>
internal sealed class SuperHotTier : IDisposable
{
    private readonly Task<IConnectionMultiplexer> _redis;
    private readonly MemoryTier _memory;
    private readonly SuperHotOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _places;
    private readonly ConcurrentDictionary<ChunkKey, long> _published = new();
    private long _leaveAloneUntil;
    private int _isAway;

    /// <param name="redis">The connection, as soon as there is one: nobody waits for it.</param>
    /// <param name="memory">Where published chunks are taken from.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Says when Redis goes away and comes back.</param>
    public SuperHotTier(Task<IConnectionMultiplexer> redis, MemoryTier memory, SuperHotOptions options, TimeProvider time, ILogger<SuperHotTier> log)
    {
        _redis = redis;
        _memory = memory;
        _options = options;
        _time = time;
        _log = log;
        _places = new SemaphoreSlim(options.Concurrency);
    }

    /// <summary>Completes when there is a connection to be used; before, reads go without Redis.</summary>
    internal Task Connected => _redis;

    /// <summary>Writes the run's bytes from Redis. Returns false where it has not got them, not in time, or not unharmed.</summary>
    public async ValueTask<bool> BringAsync(FillTarget target, CancellationToken cancellationToken)
    {
        var chunk = target.Chunk;
        if (!await TryUseAsync(async database =>
        {
            using var value = await database.StringGetLeaseAsync(SuperHotValue.KeyOf(chunk.Key)).WaitAsync(_options.Timeout, _time, cancellationToken).ConfigureAwait(false);
            if (value is not null)
            {
                Copy(value.Span, target);
            }
        }).ConfigureAwait(false))
        {
            return false;
        }

        return target.IsDone;
    }

    /// <summary>The owner saw the chunk read so often lately: publishes it if that is often enough. Returns at once.</summary>
    public void Offer(ChunkKey key, int reads)
    {
        if (reads < _options.Threshold || IsLeftAlone())
        {
            return;
        }

        var now = _time.GetTimestamp();
        if (_published.TryGetValue(key, out var last) && _time.GetElapsedTime(last, now) < _options.Lifetime / 2)
        {
            return;
        }

        _published[key] = now;
        if (_memory.TryGet(key) is { } buffer)
        {
            _ = Task.Run(() => PublishAsync(key, buffer));
        }
    }

    public void Dispose() => _places.Dispose();

    private static void Copy(ReadOnlySpan<byte> value, FillTarget target)
    {
        var bytes = SuperHotValue.Verified(value, target.Chunk.Key, target.Chunk.Length);
        while (!bytes.IsEmpty && !target.IsDone)
        {
            var room = target.Room;
            bytes.Slice(target.Position, room.Length).CopyTo(room.Span);
            target.Advance(room.Length, ChunkSource.SuperHot);
        }
    }

    private async Task PublishAsync(ChunkKey key, ChunkBuffer buffer)
    {
        try
        {
            if (buffer.Partial is not null || !await TryUseAsync(database => database
                .StringSetAsync(SuperHotValue.KeyOf(key), SuperHotValue.Encode(key, buffer.Memory.Span), _options.Lifetime)
                .WaitAsync(_options.Timeout * 10, _time)).ConfigureAwait(false))
            {
                _published.TryRemove(key, out _); // the next read of it tries again
            }

            ForgetOld();
        }
        finally
        {
            buffer.Release();
        }
    }

    private async Task<bool> TryUseAsync(Func<IDatabase, Task> use)
    {
        if (!_redis.IsCompletedSuccessfully || IsLeftAlone() || !_places.Wait(0))
        {
            return false;
        }

        try
        {
            await use(_redis.Result.GetDatabase()).ConfigureAwait(false);
            if (Interlocked.Exchange(ref _isAway, 0) == 1)
            {
                _log.RedisIsBack();
            }

            return true;
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            Volatile.Write(ref _leaveAloneUntil, _time.GetTimestamp() + (long)(_options.RetryAfter.TotalSeconds * _time.TimestampFrequency));
            if (Interlocked.Exchange(ref _isAway, 1) == 0)
            {
                _log.RedisFailed(error.Message);
            }

            return false;
        }
        finally
        {
            _places.Release();
        }
    }

    private bool IsLeftAlone() => _time.GetTimestamp() < Volatile.Read(ref _leaveAloneUntil);

    // Only what may still lie in Redis is worth remembering.
    private void ForgetOld()
    {
        foreach (var (key, at) in _published)
        {
            if (_time.GetElapsedTime(at) > _options.Lifetime)
            {
                _published.TryRemove(KeyValuePair.Create(key, at));
            }
        }
    }
}
