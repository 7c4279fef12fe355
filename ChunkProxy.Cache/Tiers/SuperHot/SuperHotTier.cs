using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Super-hot chunks in Redis, shared by all processes, so that a flash crowd does not overload their owner.</summary>
/// <remarks>
/// Redis is optional. It is asked only for listed chunks, while it replies in time and the concurrency limit allows. Its values are verified.
/// </remarks>
internal sealed class SuperHotTier : IAsyncDisposable
{
    private readonly RedisLink _link;
    private readonly SuperHotList _list;
    private readonly SuperHotPublisher _publisher;
    private readonly SuperHotSeal _seal;
    private readonly SuperHotOptions _options;
    private readonly TimeProvider _time;
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _trials;

    /// <param name="link">Access to Redis.</param>
    /// <param name="memory">Source of published chunks.</param>
    /// <param name="objects">Known versions of their objects.</param>
    /// <param name="chunkSize">Bytes of a full chunk.</param>
    /// <param name="seal">Encodes and verifies values in Redis.</param>
    /// <param name="options">Thresholds, limits and timeouts.</param>
    /// <param name="metrics">Counts outcomes.</param>
    /// <param name="time">The clock.</param>
    public SuperHotTier(
        RedisLink link,
        MemoryTier memory,
        IKnownVersions objects,
        int chunkSize,
        SuperHotSeal seal,
        SuperHotOptions options,
        SuperHotMetrics metrics,
        TimeProvider time)
    {
        _link = link;
        _list = new SuperHotList(seal, time, (int)Math.Clamp(options.Size / chunkSize, 1, int.MaxValue));
        _publisher = new SuperHotPublisher(_link, _list, seal, memory, objects, options, metrics, time) { Stopping = _stop.Token };
        _seal = seal;
        _options = options;
        _time = time;
        Metrics = metrics;
        var stopping = _stop.Token;
        using (ExecutionContext.SuppressFlow())
        {
            _trials = Task.Run(() => RetryUntilOpenAsync(stopping)); // not part of the request that needed the tier first
        }
    }

    public SuperHotMetrics Metrics { get; }

    public SuperHotState State => new(_link.IsConnected, _link.Failure, _publisher.Failure, _list.Count);

    /// <summary>Completes when Redis replies for the first time. Until then reads do not use it.</summary>
    internal Task Connected => _answered.Task;

    /// <summary>Whether the chunk is super hot in the cluster: Redis holds it, or held it before the breaker opened.</summary>
    public bool Contains(ChunkKey key) => _list.Contains(key);

    /// <summary>Reads and verifies a chunk.</summary>
    internal async ValueTask<SuperHotRead> ReadAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var answer = await _link.AskAsync(redis => redis.StringGetLeaseAsync(SuperHotValue.KeyOf(chunk.Key)), _options.Timeout, cancellationToken).ConfigureAwait(false);
        var read = new SuperHotRead(OutcomeOf(answer, chunk), answer.Value, _seal);
        Metrics.Read(read.Outcome);
        switch (read.Outcome)
        {
            case SuperHotReadOutcome.Absent:
                await _link.AskAsync(redis => _list.DeleteAbsentAsync(redis, chunk.Key), _options.Timeout, CancellationToken.None).ConfigureAwait(false);
                break;
            case SuperHotReadOutcome.Foreign or SuperHotReadOutcome.OtherChunk or SuperHotReadOutcome.Damaged:
                await RemoveAsync(chunk.Key).ConfigureAwait(false);
                break;
            case SuperHotReadOutcome.Refused:
                _link.Bypass(answer.Problem);
                break;
        }

        return read;
    }

    /// <summary>Deletes the chunk from Redis, without waiting for completion.</summary>
    internal async ValueTask RemoveAsync(ChunkKey key) =>
        await _link.AskAsync(redis => _list.DeleteAsync(redis, key), _options.Timeout, CancellationToken.None).ConfigureAwait(false);

    /// <summary>Deletes records of objects and all listed chunks of the given versions. If Redis does not reply, they expire.</summary>
    /// <param name="objects">Hashes of object ids.</param>
    /// <param name="versions">Hashes of versions.</param>
    public async Task RemoveAsync(IReadOnlyCollection<Hash128> objects, IReadOnlySet<Hash128> versions)
    {
        var chunks = _list.Of(versions);
        RedisKey[] records = [.. objects.Select(id => (RedisKey)SuperHotValue.KeyOf(id))];
        for (var attempt = 0; attempt < SuperHotPublisher.Patience; attempt++)
        {
            var answer = await _link.AskAsync(DeleteAsync, _options.Timeout * SuperHotPublisher.Patience, CancellationToken.None).ConfigureAwait(false);
            if (answer.Outcome is not RedisOutcome.Busy)
            {
                return;
            }

            await Task.Delay(_options.Timeout, _time).ConfigureAwait(false); // reads use the whole concurrency limit
        }

        async Task<long> DeleteAsync(IDatabase redis)
        {
            foreach (var chunk in chunks)
            {
                await _list.DeleteAsync(redis, chunk).ConfigureAwait(false);
            }

            // On one connection: this reply means that all previous commands are done.
            return await redis.KeyDeleteAsync(records).ConfigureAwait(false);
        }
    }

    /// <inheritdoc cref="SuperHotPublisher.Offer"/>
    public void Offer(ChunkKey key, int reads) => _publisher.Offer(key, reads);

    /// <summary>Returns the version that Redis holds for an object with super-hot chunks, or null.</summary>
    public async ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, int chunkSize, CancellationToken cancellationToken)
    {
        var answer = await _link.AskAsync(redis => redis.StringGetAsync(SuperHotValue.KeyOf(id)), _options.Timeout, cancellationToken).ConfigureAwait(false);
        return answer.Value is { IsNull: false } stored && _seal.TryDecode(id, (byte[])stored!) is { } record ? VersionRecord.TryDecode(record, id, chunkSize) : null;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _trials.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private SuperHotReadOutcome OutcomeOf(RedisAnswer<Lease<byte>?> answer, Chunk chunk) => answer switch
    {
        { Outcome: RedisOutcome.Answered, Value: { } value } => _seal.Check(value.Span, chunk.Key, chunk.Length),
        { Outcome: RedisOutcome.Answered } => SuperHotReadOutcome.Absent,
        { Outcome: RedisOutcome.Skipped } => SuperHotReadOutcome.Skipped,
        { Outcome: RedisOutcome.Busy } => SuperHotReadOutcome.Busy,
        { Outcome: RedisOutcome.TimedOut } => SuperHotReadOutcome.TimedOut,
        { Outcome: RedisOutcome.Unreachable } => SuperHotReadOutcome.Unreachable,
        { IsOfWrongType: true } => SuperHotReadOutcome.Foreign,
        _ => SuperHotReadOutcome.Refused,
    };

    // A probe reads the list: one that succeeds shows that Redis replies.
    private async Task RetryUntilOpenAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await RetryAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception unexpected) when (unexpected is not OperationCanceledException)
            {
                _link.Bypass(unexpected.Message); // only this loop uses Redis again, so it must not end
            }

            await Task.Delay(_options.RetryAfter, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RetryAsync(CancellationToken cancellationToken)
    {
        var answer = await _link.TryAsync(_list.ReadAsync, _options.Timeout * SuperHotPublisher.Patience, cancellationToken).ConfigureAwait(false);
        if (answer.Outcome is RedisOutcome.Answered)
        {
            _publisher.ForgetUnlisted();
            _answered.TrySetResult();
        }
        else if (answer.IsOfWrongType)
        {
            await _link.AskAsync(SuperHotList.DeleteAsync, _options.Timeout, cancellationToken).ConfigureAwait(false);
        }
    }
}
