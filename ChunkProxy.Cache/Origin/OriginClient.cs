using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Requests bytes of objects from the origin, and checks every response before using it.</summary>
internal sealed class OriginClient
{
    private readonly OriginWire _wire;
    private readonly OriginSlots _slots;
    private readonly OriginOptions _options;
    private readonly TimeProvider _time;
    private readonly OriginNotes _notes;
    private readonly ConditionSupport _conditions;
    private readonly OriginMessages _messages;
    private readonly OriginAnswerJudge _judge;
    private readonly OriginReplies _replies;

    public OriginClient(
        OriginWire wire,
        OriginMessages messages,
        IOptions<OriginOptions> options,
        TimeProvider time,
        OriginNotes notes,
        ConditionSupport conditions,
        OriginAnswerJudge judge,
        OriginReplies replies)
    {
        _wire = wire;
        _messages = messages;
        _options = options.Value;
        _time = time;
        _notes = notes;
        _conditions = conditions;
        _judge = judge;
        _replies = replies;
        _slots = new OriginSlots(_options.MaxConnections, _options.FirstByteTimeout, time);
    }

    /// <summary>Requests that currently wait for or receive a response, without <see cref="ResponsesWithoutSlot"/>.</summary>
    public int RequestsUnderWay => _slots.InUse;

    /// <inheritdoc cref="OriginReplies.ResponsesWithoutSlot"/>
    public int ResponsesWithoutSlot => _replies.ResponsesWithoutSlot;

    /// <summary>Requests that currently wait for an origin slot.</summary>
    public int RequestsWaiting => _slots.Waiting;

    /// <summary>Most requests at the origin at one time.</summary>
    public int RequestLimit => _slots.Count;

    /// <summary>Starts counting the requests for the same bytes.</summary>
    public OriginAttempts BeginAttempts() => new(_options, _time, _notes.Breaker);

    /// <summary>Requests bytes once. Faults of the origin and the network are outcomes, not exceptions.</summary>
    public Task<OriginAnswer> GetAsync(OriginRequest request, CancellationToken cancellationToken) => GetAsync(request, BeginAttempts(), cancellationToken);

    /// <summary>
    /// Requests bytes, and retries a bounded number of times if there is no response. Any other response, whatever its status, is the client's, except one
    /// of a busy server if it came quickly.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="repeatsFailures">Whether the response of a busy server is worth another request.</param>
    /// <param name="cancellationToken">Cancels the requests and the pauses.</param>
    public async Task<OriginAnswer> GetWithRetriesAsync(OriginRequest request, bool repeatsFailures, CancellationToken cancellationToken)
    {
        var attempts = BeginAttempts();
        var began = _time.GetTimestamp();
        while (true)
        {
            var answer = await GetAsync(request, attempts, cancellationToken).ConfigureAwait(false);
            var isWorthAnother = answer.Outcome is OriginOutcome.Unreachable || (repeatsFailures && OriginAnswerJudge.IsBusy(answer) && MayPassSoon(began));
            if (!isWorthAnother || !attempts.AreLeft)
            {
                return answer;
            }

            answer.Dispose();
            await attempts.PauseAsync(retryAfter: null, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Requests bytes of a known version.</summary>
    /// <exception cref="ChunkReadException">The origin did not return them.</exception>
    public async ValueTask<OriginBody> OpenBodyAsync(ObjectVersion version, ByteRange range, OriginAttempts attempts, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync(new OriginRequest(version.Id, range, version), attempts, cancellationToken).ConfigureAwait(false);
        return answer.Outcome is OriginOutcome.Part or OriginOutcome.Whole ? answer.TakeBody() : throw answer.ToException();
    }

    /// <summary>Returns whether a retry may help: after a broken connection, a failing or misbehaving origin, or a stalled body.</summary>
    /// <remarks>
    /// A retry cannot change a response about the object. A timeout before the header has already taken the time that a reader may wait.
    /// </remarks>
    /// <param name="error">The error of the last attempt.</param>
    /// <param name="isOpen">Whether the response header had arrived.</param>
    public static bool MayPass(ProxyError error, bool isOpen) =>
        error is ProxyError.OriginUnreachable or ProxyError.OriginFailed or ProxyError.OriginMisbehaved || (isOpen && error is ProxyError.OriginTimedOut);

    /// <summary>Forwards one client's request, for an object that cannot be cached.</summary>
    /// <remarks>
    /// At most half of the slots go to such requests, so that cached objects are not blocked. See <see cref="ClientPacedBodies"/> for their responses.
    /// </remarks>
    /// <exception cref="ChunkReadException">The origin did not respond.</exception>
    public async ValueTask<PassedThroughAnswer> PassThroughAsync(
        ObjectId id, HttpMethod method, IEnumerable<KeyValuePair<string, string>> conditions, CancellationToken cancellationToken)
    {
        var slots = await TakeSlotsAsync(cancellationToken).ConfigureAwait(false);
        HttpResponseMessage? response = null;
        try
        {
            using var message = _messages.Write(id, method, conditions);
            var asked = _time.GetTimestamp();
            (response, var failure) = await _notes.Breaker.WatchAsync(() => _wire.SendAsync(message, BeginAttempts(), cancellationToken)).ConfigureAwait(false);
            var outcome = failure?.Outcome ?? OriginAnswerJudge.OutcomeOfPassThrough((int)response!.StatusCode);
            _notes.Answered(outcome, failure?.Reason ?? $"the origin answers {(int)response!.StatusCode}", _time.GetElapsedTime(asked), id);
            return failure is null
                ? _replies.Open(response!, await OpenAsync(response!, slots, cancellationToken).ConfigureAwait(false))
                : throw failure.ToException();
        }
        catch
        {
            response?.Dispose();
            slots.Dispose();
            throw;
        }
    }

    // Not if the origin has failed for more than a moment, nor if this client has waited for more: a slow server would make it wait for each attempt.
    private bool MayPassSoon(long began) => !_notes.Breaker.IsFailing && _time.GetElapsedTime(began) < OriginHealth.Moment;

    private async Task<OriginAnswer> GetAsync(OriginRequest request, OriginAttempts attempts, CancellationToken cancellationToken)
    {
        var condition = OriginMessages.ConditionOf(request);
        if (condition is null || !request.IsForBytes)
        {
            return await AskAsync(request, condition, attempts, cancellationToken).ConfigureAwait(false);
        }

        var field = condition.Value.Key;
        if (!_conditions.MaySend(field))
        {
            return await AskAsync(request, condition: null, attempts, cancellationToken).ConfigureAwait(false);
        }

        var answer = await AskAsync(request, condition, attempts, cancellationToken).ConfigureAwait(false);
        if (!_conditions.MayBeRejected(field, answer.Status))
        {
            return answer;
        }

        var second = await AskAsync(request, condition: null, attempts, cancellationToken).ConfigureAwait(false);
        if (second.Outcome is OriginOutcome.Part or OriginOutcome.Whole)
        {
            _conditions.Note(field, works: false); // the expected version, although its validator was rejected
        }
        else if (second.Outcome is OriginOutcome.VersionChanged)
        {
            _conditions.Note(field, works: true);
        }

        return second;
    }

    private async Task<OriginAnswer> AskAsync(
        OriginRequest request, KeyValuePair<string, string>? condition, OriginAttempts attempts, CancellationToken cancellationToken)
    {
        var (slot, refusal) = await TakeSlotAsync(_slots, cancellationToken).ConfigureAwait(false);
        if (slot is null)
        {
            return refusal!;
        }

        var coldUse = ColdShare.Current?.Use();
        if (!request.IsForBytes)
        {
            cancellationToken = CancellationToken.None; // what the origin says about an object also answers later requests
        }

        HttpResponseMessage? response = null;
        OriginStream? stream = null;
        try
        {
            using var message = _messages.Write(request, condition);
            var asked = _time.GetTimestamp();
            (response, var failure) = await _notes.Breaker.WatchAsync(() => _wire.SendAsync(message, attempts, cancellationToken)).ConfigureAwait(false);
            var firstByte = _time.GetElapsedTime(asked);
            failure ??= await UnstatedLength.FindAsync(response!, _options.StallTimeout, _time, cancellationToken).ConfigureAwait(false);
            var answer = failure ?? _judge.Judge(request, response!, firstByte);
            if (answer.Bytes is { } bytes)
            {
                stream = await OpenAsync(response!, slot, cancellationToken).ConfigureAwait(false);
                answer.Attach(new OriginBody(stream, bytes, isWhole: answer.Outcome is OriginOutcome.Whole));
            }
            else if (response is not null && !request.IsForBytes && OriginReplies.IsHandedOn(answer.Outcome))
            {
                stream = await OpenAsync(response, slot, cancellationToken).ConfigureAwait(false);
                await _replies.AddAsync(answer, request, response, stream, firstByte, cancellationToken).ConfigureAwait(false);
            }

            _notes.Answered(answer.Outcome, answer.Reason, firstByte, request.Id);
            if (answer.Outcome is OriginOutcome.Failed && OriginAnswerJudge.IsTransient(answer.Status) && !_notes.Breaker.IsFailing)
            {
                attempts.NoteTransient();
            }

            return answer;
        }
        finally
        {
            if (stream is null)
            {
                response?.Dispose();
                slot.Dispose();
                coldUse?.Dispose();
            }
            else if (coldUse is not null)
            {
                stream.WhenEnded(_ => coldUse.Dispose());
            }
        }
    }

    private async Task<OriginStream> OpenAsync(HttpResponseMessage response, IDisposable slot, CancellationToken cancellationToken) =>
        new(response, await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false), slot, _options.StallTimeout, _time);

    // Exactly one of the two results is set. Requests that wait are given up when the origin goes down.
    private async ValueTask<(IDisposable? Slot, OriginAnswer? Refusal)> TakeSlotAsync(OriginSlots slots, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested(); // no caller waits for the request any more
        if (_notes.Breaker.Refusal is not { } refusal)
        {
            var asked = _time.GetTimestamp();
            var opened = _notes.Breaker.Opened;
            var slot = await slots.TakeAsync(ClientKey.Current, cancellationToken, opened).ConfigureAwait(false);
            _notes.Queued(_time.GetElapsedTime(asked));
            if (slot is not null)
            {
                return (slot, null);
            }

            refusal = opened.IsCancellationRequested ? _notes.Breaker.Down : OriginAnswer.Of(OriginOutcome.Overloaded, "too many requests wait for the origin");
        }

        _notes.NotAsked(refusal.Outcome);
        return (null, refusal);
    }

    private async ValueTask<IDisposable> TakeSlotsAsync(CancellationToken cancellationToken)
    {
        var (share, refusal) = await TakeSlotAsync(_replies.SlotsForOneClient, cancellationToken).ConfigureAwait(false);
        if (share is null)
        {
            throw refusal!.ToException();
        }

        try
        {
            (var slot, refusal) = await TakeSlotAsync(_slots, cancellationToken).ConfigureAwait(false);
            return new BothSlots(share, slot ?? throw refusal!.ToException());
        }
        catch
        {
            share.Dispose();
            throw;
        }
    }

    private sealed class BothSlots(IDisposable share, IDisposable slot) : IDisposable
    {
        public void Dispose()
        {
            slot.Dispose();
            share.Dispose();
        }
    }
}
