using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Telemetry;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>The way to Redis: how many may ask at a time, how long they wait, and when it is left alone.</summary>
/// <remarks>
/// One failure is enough to leave it alone, and whoever waits at that moment waits no longer. From then on only the trial asks
/// (<see cref="TryAsync"/>); when that is answered all may again. So however long Redis hangs, the reads that wait for it are those that were
/// under way when it began to: never more than there are places, and none longer than its own patience.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds nothing, and whoever asks may still look at it after the end.")]
internal sealed class RedisLink(
    Task<IConnectionMultiplexer> redis, int places, TimeProvider time, RecentEvents events, ILogger log)
{
    private const string Subject = "Redis";

    private int _freePlaces = places;
    private readonly Lock _gate = new();
    private volatile RedisTrouble? _trouble = new("it has not answered yet", time.GetUtcNow());
    private CancellationTokenSource _leftAlone = new(); // under _gate; cancelled when Redis is left alone
    private bool _isKnown; // under _gate: it has answered, or its absence has been told

    /// <summary>The connection stands, as far as the client knows.</summary>
    public bool IsConnected => redis.IsCompletedSuccessfully && redis.Result.IsConnected;

    /// <summary>Why it is left alone; null while it is used.</summary>
    public RedisTrouble? Trouble => _trouble;

    /// <summary>Asks Redis. Never throws for what it or the network does.</summary>
    public async ValueTask<RedisAnswer<T>> AskAsync<T>(Func<IDatabase, Task<T>> question, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_trouble is not null)
        {
            return new(RedisOutcome.Skipped);
        }

        try
        {
            if (Interlocked.Decrement(ref _freePlaces) < 0)
            {
                return new(RedisOutcome.Busy);
            }

            CancellationToken leftAlone;
            lock (_gate)
            {
                if (_trouble is not null)
                {
                    return new(RedisOutcome.Skipped); // since a moment ago: its token is not the one that was cancelled
                }

                leftAlone = _leftAlone.Token;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(leftAlone, cancellationToken);
            var answer = await AskInTimeAsync(question, patience, either.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.Outcome is RedisOutcome.TimedOut or RedisOutcome.Unreachable)
            {
                LeaveAlone(answer.Problem);
            }

            return answer;
        }
        finally
        {
            Interlocked.Increment(ref _freePlaces);
        }
    }

    /// <summary>Asks Redis even while it is left alone; an answer ends that, anything else begins it.</summary>
    public async Task<RedisAnswer<T>> TryAsync<T>(Func<IDatabase, Task<T>> question, TimeSpan patience, CancellationToken cancellationToken)
    {
        await ((Task)redis).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = redis.IsCompletedSuccessfully
            ? await AskInTimeAsync(question, patience, cancellationToken).ConfigureAwait(false)
            : new(RedisOutcome.Unreachable, default, redis.Exception?.InnerException?.Message ?? "no connection");
        cancellationToken.ThrowIfCancellationRequested();
        if (answer.Outcome is RedisOutcome.Answered || answer.IsOfWrongType)
        {
            UseAgain();
        }
        else if (answer.Outcome is not RedisOutcome.Skipped)
        {
            LeaveAlone(answer.Problem);
        }

        return answer;
    }

    /// <summary>Redis is not asked until a trial is answered.</summary>
    public void LeaveAlone(string why)
    {
        CancellationTokenSource? leftAlone = null;
        lock (_gate)
        {
            if (_trouble is null)
            {
                leftAlone = _leftAlone;
                _leftAlone = new CancellationTokenSource();
            }

            if (_trouble is null || !_isKnown)
            {
                log.RedisFailed(why);
                events.Note(RecentEventKind.RedisFailed, Subject, why);
            }

            _isKnown = true;
            _trouble = new RedisTrouble(why, _trouble?.Since ?? time.GetUtcNow());
        }

        leftAlone?.Cancel();
    }

    private void UseAgain()
    {
        lock (_gate)
        {
            if (_trouble is not null && _isKnown)
            {
                log.RedisIsBack();
                events.Note(RecentEventKind.RedisIsBack, Subject);
            }

            _isKnown = true;
            _trouble = null;
        }
    }

    // What is given up on comes in later, and is nobody's any more.
    private async Task<RedisAnswer<T>> AskInTimeAsync<T>(Func<IDatabase, Task<T>> question, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return new(RedisOutcome.Answered, await question(redis.Result.GetDatabase()).WaitAsync(patience, time, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException) // the process ends
        {
            return new(RedisOutcome.Skipped);
        }
        catch (TimeoutException) // the client's own RedisTimeoutException is one
        {
            return new(RedisOutcome.TimedOut, default, "no answer in time");
        }
        catch (RedisServerException error)
        {
            return new(RedisOutcome.Refused, default, error.Message);
        }
        catch (RedisException)
        {
            return new(RedisOutcome.Unreachable, default, "no connection");
        }
    }
}
