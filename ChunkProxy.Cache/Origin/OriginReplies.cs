using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Concurrency;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Turns origin responses into replies that are forwarded to clients.</summary>
internal sealed class OriginReplies
{
    // Connection-specific fields without which these statuses are meaningless (RFC 9110 §11.7.1, §15.5.22).
    private static readonly (int Status, string Field)[] Needed = [(407, "Proxy-Authenticate"), (426, "Upgrade")];

    private readonly CachingRules _rules;
    private readonly EndToEndFields _endToEnd;
    private readonly OriginAccess _access;
    private readonly SiteRules _site;
    private readonly TimeProvider _time;
    private readonly int[] _keptStatuses;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _longestLifetime;
    private readonly ClientPacedBodies _paced;

    public OriginReplies(
        CachingRules rules, EndToEndFields endToEnd, OriginAccess access, SiteRules site, IOptions<OriginOptions> origin, IOptions<CacheOptions> cache, TimeProvider time)
    {
        _access = access;
        _site = site;
        _rules = rules;
        _endToEnd = endToEnd;
        _time = time;
        _keptStatuses = origin.Value.KeptStatusList();
        _patience = origin.Value.FirstByteTimeout;
        _longestLifetime = cache.Value.NotFoundLifetime;
        SlotsForOneClient = new OriginSlots(Math.Max(1, origin.Value.MaxConnections / 2), origin.Value.FirstByteTimeout, time);
        _paced = new ClientPacedBodies(SlotsForOneClient, origin.Value.PassThroughPlaces, origin.Value.PassThroughMinRate, time);
    }

    /// <summary>
    /// Slots for requests whose responses go to one client, taken in addition to the general slots. There are half as many, so that cached objects are not
    /// blocked.
    /// </summary>
    public OriginSlots SlotsForOneClient { get; }

    /// <summary>Responses that clients receive at their own pace, and that hold no slot.</summary>
    public int ResponsesWithoutSlot => _paced.Placed;

    /// <summary>Returns whether the response to a request about an object is forwarded to the client as it is.</summary>
    public static bool IsHandedOn(OriginOutcome outcome) => outcome
        is OriginOutcome.Uncacheable or OriginOutcome.Other or OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Refused or OriginOutcome.Failed;

    /// <summary>Returns the response with its body unread.</summary>
    public PassedThroughAnswer Open(HttpResponseMessage response, OriginStream stream)
    {
        _paced.Add(stream);
        return new((int)response.StatusCode, response.Content.Headers.ContentLength, FieldsOf(response), stream, stream);
    }

    /// <summary>Adds the reply to the answer, unless its body is too long or fails. Closes the stream unless the reply needs it.</summary>
    /// <param name="answer">The classified response.</param>
    /// <param name="request">The request.</param>
    /// <param name="response">The response.</param>
    /// <param name="stream">The response body.</param>
    /// <param name="delay">Time to the response header.</param>
    /// <param name="cancellationToken">Cancels reading the body.</param>
    public async Task AddAsync(
        OriginAnswer answer, OriginRequest request, HttpResponseMessage response, OriginStream stream, TimeSpan delay, CancellationToken cancellationToken)
    {
        NoteLifetime(answer, request, response, delay);
        answer.Tags = TagFields.In(OriginFields.Of(response)) ?? ObjectTags.None;
        if (answer.Status is >= 200 and < 300 and not (204 or 205) && SlotsForOneClient.TryTake() is { } share)
        {
            stream.AlsoFree(share);
            answer.Reply = new OpenReply(Open(response, stream), HasAllBytes(response), _time);
            return;
        }

        using (stream)
        {
            // A 304 answers the condition of this process, not the client's.
            if (answer.Status is 204 or 205 or >= 300 and not 304 && await ReadBodyAsync(stream, cancellationToken).ConfigureAwait(false) is { } body
                && !_access.AreIn(body))
            {
                var now = _time.GetUtcNow();
                var fields = OriginFields.Of(response);
                var age = ResponseAge.Of(fields, now, delay).Initial;
                answer.Reply = new KeptReply(answer.Status, FieldsOf(response), body, now - age, _rules.MayShareReply(fields, request.Fields, now));
            }
        }
    }

    private List<KeyValuePair<string, string>> FieldsOf(HttpResponseMessage response)
    {
        var fields = _endToEnd.OfMessage(OriginFields.Of(response));
        foreach (var (status, field) in Needed)
        {
            if ((int)response.StatusCode == status && response.Headers.NonValidated.TryGetValues(field, out var values))
            {
                fields.AddRange(values.Select(value => KeyValuePair.Create(field, value)));
            }
        }

        return fields;
    }

    private static bool HasAllBytes(HttpResponseMessage response) =>
        response.Content.Headers.ContentRange is { From: 0, To: { } last, Length: { } size } && last == size - 1;

    // RFC 9111 §3, limited by the operator's setting. That an object cannot be cached is a conclusion of this process, not a stored response.
    private void NoteLifetime(OriginAnswer answer, OriginRequest request, HttpResponseMessage response, TimeSpan delay)
    {
        var longest = _site.Freshness.OfStatus(answer.Status) ?? (_keptStatuses.Contains(answer.Status) ? _longestLifetime : TimeSpan.Zero);
        var ofReply = longest > TimeSpan.Zero
            ? _rules.LifetimeOfReply(OriginFields.Of(response), request.Fields, _time.GetUtcNow(), delay, longest)
            : TimeSpan.Zero;
        answer.KeepsReply = ofReply > TimeSpan.Zero;
        answer.Lifetime = answer.KeepsReply || answer.Outcome is not (OriginOutcome.Uncacheable or OriginOutcome.Other) ? ofReply : _longestLifetime;
    }

    private async Task<byte[]?> ReadBodyAsync(OriginStream stream, CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(_patience, _time, cancellationToken);
        using var body = new MemoryStream();
        var piece = new byte[4096];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(piece, limit.Token).ConfigureAwait(false)) > 0)
            {
                body.Write(piece, 0, count);
                if (body.Length > KeptReply.LongestBody)
                {
                    return null;
                }
            }

            return body.ToArray();
        }
        catch (Exception error) when (error is ChunkReadException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }
}
