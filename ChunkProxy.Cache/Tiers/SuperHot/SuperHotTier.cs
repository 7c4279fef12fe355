using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Super-hot chunks in Redis, shared by all processes, so that a flash crowd does not melt the one that owns them.</summary>
/// <remarks>
/// Redis is a help and never a need: it is asked only for what is listed there, only while it answers in time and a place is free, and what
/// it says is verified.
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

    /// <param name="link">The way to Redis.</param>
    /// <param name="memory">Where published chunks are taken from.</param>
    /// <param name="objects">What is known of their objects.</param>
    /// <param name="chunkSize">Bytes of a full chunk.</param>
    /// <param name="seal">Writes and checks what lies in Redis.</param>
    /// <param name="options">How patient to be.</param>
    /// <param name="metrics">Counts the endings.</param>
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
            _trials = Task.Run(() => TryAgainAndAgainAsync(stopping)); // not a part of the request that happened to need the tier first
        }
    }

    public SuperHotMetrics Metrics { get; }

    public SuperHotState State => new(_link.IsConnected, _link.Trouble, _publisher.Trouble, _list.Count);

    /// <summary>Completes when Redis has answered for the first time; before, reads go without it.</summary>
    internal Task Connected => _answered.Task;

    /// <summary>The chunk is super hot in the cluster: it lies in Redis, or did before that was left alone.</summary>
    public bool Lists(ChunkKey key) => _list.Contains(key);

    /// <summary>Reads a chunk, verified.</summary>
    internal async ValueTask<SuperHotRead> ReadAsync(Chunk chunk, CancellationToken cancellationToken)
    {
        var answer = await _link.AskAsync(redis => redis.StringGetLeaseAsync(SuperHotValue.KeyOf(chunk.Key)), _options.Timeout, cancellationToken).ConfigureAwait(false);
        var read = new SuperHotRead(OutcomeOf(answer, chunk), answer.Value, _seal);
        Metrics.Read(read.Outcome);
        switch (read.Outcome)
        {
            case SuperHotReadOutcome.Absent or SuperHotReadOutcome.Foreign or SuperHotReadOutcome.OtherChunk or SuperHotReadOutcome.Damaged:
                await RemoveAsync(chunk.Key).ConfigureAwait(false);
                break;
            case SuperHotReadOutcome.Refused:
                _link.LeaveAlone(answer.Problem);
                break;
        }

        return read;
    }

    /// <summary>Takes the chunk out of Redis, without waiting until that is done.</summary>
    internal async ValueTask RemoveAsync(ChunkKey key) =>
        await _link.AskAsync(redis => _list.DeleteAsync(redis, key), _options.Timeout, CancellationToken.None).ConfigureAwait(false);

    /// <summary>Takes objects out of Redis: what is known of them, and all listed chunks of these versions of theirs. Where Redis does not answer their lifetime does it.</summary>
    /// <param name="objects">By the hashes of their ids.</param>
    /// <param name="versions">By their hashes.</param>
    public async Task RemoveAsync(IReadOnlyCollection<UInt128> objects, IReadOnlySet<UInt128> versions)
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

            await Task.Delay(_options.Timeout, _time).ConfigureAwait(false); // reads take all places
        }

        async Task<long> DeleteAsync(IDatabase redis)
        {
            foreach (var chunk in chunks)
            {
                await _list.DeleteAsync(redis, chunk).ConfigureAwait(false);
            }

            return await redis.KeyDeleteAsync(records).ConfigureAwait(false); // on one connection: when this is answered all before it is done
        }
    }

    /// <inheritdoc cref="SuperHotPublisher.Offer"/>
    public void Offer(ChunkKey key, int reads) => _publisher.Offer(key, reads);

    /// <inheritdoc cref="SuperHotPublisher.PublishAsync"/>
    internal Task<SuperHotPublishOutcome> PublishAsync(ChunkKey key, ChunkBuffer buffer) => _publisher.PublishAsync(key, buffer);

    /// <summary>Returns what Redis knows of an object that has super-hot chunks; null if nothing.</summary>
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

    // The list is what a trial asks for: whoever knows it knows that Redis answers.
    private async Task TryAgainAndAgainAsync(CancellationToken cancellationToken)
    {
        while (true)
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

            await Task.Delay(_options.RetryAfter, _time, cancellationToken).ConfigureAwait(false);
        }
    }
}
