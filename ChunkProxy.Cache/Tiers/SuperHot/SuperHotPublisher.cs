using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Sees to it that super-hot chunks are in Redis, as long as they are super hot.</summary>
/// <remarks>
/// Whoever sees a chunk super hot wants it there: first its owner; once the front ends keep near copies, and the owner hears no more of it,
/// they. Whoever finds it missing puts it there, one process at a time; the others prolong its stay. It goes when nobody has done so for its lifetime.
/// </remarks>
internal sealed class SuperHotPublisher(
    RedisLink link,
    SuperHotList list,
    SuperHotSeal seal,
    MemoryTier memory,
    IKnownVersions objects,
    SuperHotOptions options,
    SuperHotMetrics metrics,
    TimeProvider time)
{
    /// <summary>So many times as long as a read may a publication take: it is several questions, one of them with all the chunk's bytes, and no client waits for it.</summary>
    public const int Patience = 10;

    private readonly ConcurrentDictionary<ChunkKey, SuperHotOffer> _offered = new();
    private volatile RedisTrouble? _trouble;
    private long _publishAgainAt;

    /// <summary>Ends publications under way.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>Why nothing can be published, though Redis answers; null while that works.</summary>
    public RedisTrouble? Trouble => _trouble;

    /// <summary>This process saw the chunk read so often lately: if that is often enough it is to be in Redis. Returns at once.</summary>
    public void Offer(ChunkKey key, int reads)
    {
        if (reads < options.Threshold || link.Trouble is not null || time.GetTimestamp() < Volatile.Read(ref _publishAgainAt))
        {
            return;
        }

        var now = time.GetTimestamp();
        var isKnown = _offered.TryGetValue(key, out var last);
        var offer = new SuperHotOffer(now, IsThere: false);
        if ((isKnown && time.GetElapsedTime(last.At, now) < options.Lifetime / 2)
            || !memory.Contains(key)
            || !(isKnown ? _offered.TryUpdate(key, offer, last) : _offered.TryAdd(key, offer))) // somebody else was faster
        {
            return;
        }

        if (memory.TryGet(key) is not { } buffer)
        {
            _offered.TryRemove(key, out _); // the next read of it tries again
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => PublishOfferedAsync(key, buffer)); // never on the thread of whoever offers: it may be a socket's
        }
    }

    /// <summary>Puts the chunk into Redis, or prolongs its stay. The caller holds the buffer.</summary>
    public async Task<SuperHotPublishOutcome> PublishAsync(ChunkKey key, ChunkBuffer buffer)
    {
        var answer = await link.AskAsync(redis => HoldAndStoreAsync(redis, key, buffer), options.Timeout * Patience, Stopping).ConfigureAwait(false);
        var outcome = OutcomeOf(answer);
        metrics.Published(outcome);
        if (outcome is SuperHotPublishOutcome.Published or SuperHotPublishOutcome.Prolonged)
        {
            _offered[key] = new SuperHotOffer(time.GetTimestamp(), IsThere: true);
            _trouble = null;
        }
        else if (outcome is SuperHotPublishOutcome.Refused)
        {
            // Out of memory, most likely: what is there can be read, so only publishing pauses.
            Volatile.Write(ref _publishAgainAt, time.GetTimestamp() + (long)(options.RetryAfter.TotalSeconds * time.TimestampFrequency));
            _trouble = new RedisTrouble(answer.Problem, _trouble?.Since ?? time.GetUtcNow());
        }

        return outcome;
    }

    /// <summary>The list has been read anew: what was there and is not any more (flushed, evicted, expired) may be offered again.</summary>
    public void ForgetUnlisted()
    {
        foreach (var (key, offer) in _offered)
        {
            var age = time.GetElapsedTime(offer.At);
            if ((offer.IsThere && !list.Contains(key) && age > options.RetryAfter) // it may have come after the list was read
                || age > options.Lifetime)
            {
                _offered.TryRemove(KeyValuePair.Create(key, offer));
            }
        }
    }

    private async Task PublishOfferedAsync(ChunkKey key, ChunkBuffer buffer)
    {
        try
        {
            if (buffer.Partial is not null
                || await PublishAsync(key, buffer).ConfigureAwait(false) is not
                    (SuperHotPublishOutcome.Published or SuperHotPublishOutcome.Prolonged or SuperHotPublishOutcome.Claimed or SuperHotPublishOutcome.Full))
            {
                _offered.TryRemove(key, out _); // the next read of it tries again
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
        finally
        {
            buffer.Release();
        }
    }

    // It may go on after the caller was told that it took too long.
    private async Task<SuperHotPublishOutcome> HoldAndStoreAsync(IDatabase redis, ChunkKey key, ChunkBuffer buffer)
    {
        if (!buffer.TryRetain())
        {
            throw new InvalidOperationException("The caller does not hold the buffer.");
        }

        try
        {
            return await StoreAsync(redis, key, buffer).ConfigureAwait(false);
        }
        finally
        {
            buffer.Release();
        }
    }

    private async Task<SuperHotPublishOutcome> StoreAsync(IDatabase redis, ChunkKey key, ChunkBuffer buffer)
    {
        var version = buffer.Version;
        var name = SuperHotValue.KeyOf(key);
        var outcome = SuperHotPublishOutcome.Prolonged;
        if (!await redis.KeyExpireAsync(name, options.Lifetime).ConfigureAwait(false))
        {
            if (await list.RoomAsync(redis).ConfigureAwait(false) <= 0)
            {
                return SuperHotPublishOutcome.Full;
            }

            var claim = name + ":claim";
            if (!await redis.StringSetAsync(claim, 1, options.Timeout * Patience, When.NotExists).ConfigureAwait(false))
            {
                return SuperHotPublishOutcome.Claimed;
            }

            try
            {
                await redis.StringSetAsync(name, seal.Encode(key, buffer.Memory.Span), options.Lifetime).ConfigureAwait(false);
            }
            finally
            {
                // Refused for want of memory too: it may fit a moment later. Of one that does not come so far time disposes.
                await redis.KeyDeleteAsync(claim, CommandFlags.FireAndForget).ConfigureAwait(false);
            }

            outcome = SuperHotPublishOutcome.Published;
        }

        await list.AddAsync(redis, key, options.Lifetime).ConfigureAwait(false);
        if (outcome is SuperHotPublishOutcome.Published && await list.RoomAsync(redis).ConfigureAwait(false) < 0)
        {
            // Several found the last place free at the same moment: all of them give it back.
            await list.DeleteAsync(redis, key).ConfigureAwait(false);
            return SuperHotPublishOutcome.Full;
        }

        if (version is not null && objects.TryFindVersion(version.Id, out var known) && known.IsSameVersionAs(version))
        {
            await redis.StringSetAsync(SuperHotValue.KeyOf(known.Id), seal.Encode(known.Id, VersionRecord.Encode(known)), options.Lifetime).ConfigureAwait(false);
        }

        return outcome;
    }

    private static SuperHotPublishOutcome OutcomeOf(RedisAnswer<SuperHotPublishOutcome> answer) => answer.Outcome switch
    {
        RedisOutcome.Answered => answer.Value,
        RedisOutcome.Skipped => SuperHotPublishOutcome.Skipped,
        RedisOutcome.Busy => SuperHotPublishOutcome.Busy,
        RedisOutcome.TimedOut => SuperHotPublishOutcome.TimedOut,
        RedisOutcome.Unreachable => SuperHotPublishOutcome.Unreachable,
        _ => SuperHotPublishOutcome.Refused,
    };
}
