using System.Diagnostics.CodeAnalysis;
using ChunkProxy.Cache.Telemetry;
using StackExchange.Redis;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>Access to Redis with a concurrency limit, a timeout and a circuit breaker.</summary>
/// <remarks>
/// One failure opens the breaker and ends all waits at that moment. While it is open, only the probe (<see cref="TryAsync"/>) contacts Redis; a reply
/// closes the breaker. So however long Redis hangs, only the reads under way at its start wait for it: no more than
/// the concurrency limit, and none longer than its own timeout.
/// <para>
/// Not a <see cref="Concurrency.ProbeBreaker"/>: its probe is the reading of the list, which goes on while Redis is in use.
/// </para>
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "A token source without a timer holds no resource, and callers may read it after the end.")]
internal sealed class RedisLink(
    Task<IConnectionMultiplexer> redis, int places, TimeProvider time, RecentEvents events, ILogger log)
{
    private const string Subject = "Redis";

    private int _freePlaces = places;
    private readonly Lock _gate = new();
    private volatile RedisFailure? _failure = new("it has not answered yet", time.GetUtcNow());
    private CancellationTokenSource _bypassed = new(); // guarded by _gate; cancelled when the breaker opens
    private bool _isKnown; // guarded by _gate: Redis has answered, or its failure was logged

    /// <summary>Whether the client reports a connection.</summary>
    public bool IsConnected => redis.IsCompletedSuccessfully && redis.Result.IsConnected;

    /// <summary>Why the breaker is open, or null while it is closed.</summary>
    public RedisFailure? Failure => _failure;

    /// <summary>Sends a request to Redis. Never throws for errors of Redis or the network.</summary>
    public async ValueTask<RedisAnswer<T>> AskAsync<T>(Func<IDatabase, Task<T>> question, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (_failure is not null)
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
                if (_failure is not null)
                {
                    return new(RedisOutcome.Skipped); // opened since the check above: the current token is a new one, not the cancelled one
                }

                leftAlone = _bypassed.Token;
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(leftAlone, cancellationToken);
            var answer = await AskInTimeAsync(question, patience, either.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (answer.Outcome is RedisOutcome.TimedOut or RedisOutcome.Unreachable)
            {
                Bypass(answer.Problem);
            }

            return answer;
        }
        finally
        {
            Interlocked.Increment(ref _freePlaces);
        }
    }

    /// <summary>Sends a request even while the breaker is open. A reply closes the breaker; a failure opens it.</summary>
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
            Bypass(answer.Problem);
        }

        return answer;
    }

    /// <summary>Opens the breaker until a probe succeeds.</summary>
    public void Bypass(string why)
    {
        CancellationTokenSource? leftAlone = null;
        lock (_gate)
        {
            if (_failure is null)
            {
                leftAlone = _bypassed;
                _bypassed = new CancellationTokenSource();
            }

            var isNews = _failure is null || !_isKnown;
            _isKnown = true;
            _failure = new RedisFailure(why, _failure?.Since ?? time.GetUtcNow()); // before the line that says so
            if (isNews)
            {
                log.RedisFailed(why);
                events.Note(RecentEventKind.RedisFailed, Subject, why);
            }
        }

        leftAlone?.Cancel();
    }

    private void UseAgain()
    {
        lock (_gate)
        {
            var isNews = _failure is not null && _isKnown;
            _isKnown = true;
            _failure = null; // before the line that says so
            if (isNews)
            {
                log.RedisAvailable();
                events.Note(RecentEventKind.RedisIsBack, Subject);
            }
        }
    }

    // After a timeout the reply is still received, and discarded.
    private async Task<RedisAnswer<T>> AskInTimeAsync<T>(Func<IDatabase, Task<T>> question, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            return new(RedisOutcome.Answered, await question(redis.Result.GetDatabase()).WaitAsync(patience, time, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException) // the process is stopping
        {
            return new(RedisOutcome.Skipped);
        }
        catch (TimeoutException) // includes the client's own RedisTimeoutException
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
