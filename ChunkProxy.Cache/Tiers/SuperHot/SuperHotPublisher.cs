using System.Collections.Concurrent;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Publishes super-hot chunks to Redis and keeps them there while they are super hot.</summary>
/// <remarks>
/// Every process that sees a chunk super hot offers it: at first its owner; later, when front ends keep near copies and the owner sees no more reads,
/// the front ends. If the chunk is missing, one process at a time stores it; the others extend its lifetime. It expires when no process did so
/// for its lifetime.
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
    /// <summary>Factor on the read timeout for a publication.</summary>
    /// <remarks>A publication takes several requests, one of them with all bytes of the chunk, and no client waits for it.</remarks>
    public const int Patience = 10;

    private readonly ConcurrentDictionary<ChunkKey, SuperHotOffer> _offered = new();
    private volatile RedisFailure? _failure;
    private long _publishAgainAt;

    /// <summary>Cancels running publications.</summary>
    public required CancellationToken Stopping { get; init; }

    /// <summary>Why publishing fails although Redis replies, or null.</summary>
    public RedisFailure? Failure => _failure;

    /// <summary>Reports recent reads of the chunk in this process. From the threshold on the chunk is published. Returns at once.</summary>
    public void Offer(ChunkKey key, int reads)
    {
        if (reads < options.Threshold || link.Failure is not null || time.GetTimestamp() < Volatile.Read(ref _publishAgainAt))
        {
            return;
        }

        var now = time.GetTimestamp();
        var isKnown = _offered.TryGetValue(key, out var last);
        var offer = new SuperHotOffer(now, IsThere: false);
        if ((isKnown && time.GetElapsedTime(last.At, now) < options.Lifetime / 2)
            || !memory.Contains(key)
            || !(isKnown ? _offered.TryUpdate(key, offer, last) : _offered.TryAdd(key, offer))) // another thread offered it first
        {
            return;
        }

        if (memory.TryGet(key) is not { } buffer)
        {
            _offered.TryRemove(key, out _); // the next read tries again
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => PublishOfferedAsync(key, buffer)); // not on the caller's thread, which may be a socket's
        }
    }

    /// <summary>Stores the chunk in Redis, or extends its lifetime. The caller must hold the buffer.</summary>
    public async Task<SuperHotPublishOutcome> PublishAsync(ChunkKey key, ChunkBuffer buffer)
    {
        var answer = await link.AskAsync(redis => HoldAndStoreAsync(redis, key, buffer), options.Timeout * Patience, Stopping).ConfigureAwait(false);
        var outcome = OutcomeOf(answer);
        metrics.Published(outcome);
        if (outcome is SuperHotPublishOutcome.Published or SuperHotPublishOutcome.Prolonged)
        {
            _offered[key] = new SuperHotOffer(time.GetTimestamp(), IsThere: true);
            _failure = null;
        }
        else if (outcome is SuperHotPublishOutcome.Refused)
        {
            // Most likely out of memory. Stored chunks can still be read, so only publishing pauses.
            Volatile.Write(ref _publishAgainAt, time.GetTimestamp() + (long)(options.RetryAfter.TotalSeconds * time.TimestampFrequency));
            _failure = new RedisFailure(answer.Problem, _failure?.Since ?? time.GetUtcNow());
        }

        return outcome;
    }

    /// <summary>Called after the list was read: chunks no longer listed (flushed, evicted, expired) may be offered again.</summary>
    public void ForgetUnlisted()
    {
        foreach (var (key, offer) in _offered)
        {
            var age = time.GetElapsedTime(offer.At);
            if ((offer.IsThere && !list.Contains(key) && age > options.RetryAfter) // a younger one may have been added after the list was read
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
                _offered.TryRemove(key, out _); // the next read tries again
            }
        }
        catch (OperationCanceledException)
        {
            // The process is stopping.
        }
        finally
        {
            buffer.Release();
        }
    }

    // Holds the buffer itself: the request may outlast the caller's timeout.
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
        if (await redis.KeyExpireAsync(name, options.Lifetime).ConfigureAwait(false))
        {
            await list.AddAsync(redis, key, options.Lifetime).ConfigureAwait(false);
        }
        else
        {
            var claim = SuperHotValue.ClaimOf(key);
            if (!await redis.StringSetAsync(claim, 1, options.Timeout * Patience, When.NotExists).ConfigureAwait(false))
            {
                return SuperHotPublishOutcome.Claimed;
            }

            try
            {
                if (!await list.TryAddAsync(redis, key, options.Lifetime, () => redis.StringSetAsync(name, seal.Encode(key, buffer.Memory.Span), options.Lifetime)).ConfigureAwait(false))
                {
                    return SuperHotPublishOutcome.Full;
                }
            }
            finally
            {
                // Also after a refusal for lack of memory, since the chunk may fit a moment later. If this is not reached, the claim expires.
                await redis.KeyDeleteAsync(claim, CommandFlags.FireAndForget).ConfigureAwait(false);
            }

            outcome = SuperHotPublishOutcome.Published;
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
