using ChunkProxy.Cache.Lookup;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Makes of a response what is handed on to clients.</summary>
internal sealed class OriginReplies(OriginOptions options, OriginPlaces placesForOneClient, TimeSpan longestLifetime, TimeProvider time)
{
    // Fields of one connection that these statuses are meaningless without (RFC 9110 §11.7.1, §15.5.22).
    private static readonly (int Status, string Field)[] Needed = [(407, "Proxy-Authenticate"), (426, "Upgrade")];

    private readonly int[] _keptStatuses = options.KeptStatusList();

    /// <summary>The response of a question about an object goes to the client as it is.</summary>
    public static bool IsHandedOn(OriginOutcome outcome) => outcome
        is OriginOutcome.Uncacheable or OriginOutcome.Other or OriginOutcome.NotFound or OriginOutcome.Gone or OriginOutcome.Refused or OriginOutcome.Failed;

    /// <summary>The response with its body still to be read.</summary>
    public static PassedThroughAnswer Open(HttpResponseMessage response, OriginStream stream) =>
        new((int)response.StatusCode, response.Content.Headers.ContentLength, FieldsOf(response), stream, stream);

    /// <summary>Adds the reply to the answer, unless its body is too long to be kept, or does not come. Closes the stream where the reply does not need it.</summary>
    public async Task AddAsync(OriginAnswer answer, HttpResponseMessage response, OriginStream stream, CancellationToken cancellationToken)
    {
        answer.Lifetime = LifetimeOf(answer, response);
        if ((int)response.StatusCode is >= 200 and < 300 and not (204 or 205) && placesForOneClient.TryTake() is { } share)
        {
            stream.AlsoFree(share);
            answer.Reply = new OpenReply(Open(response, stream), HasAllBytes(response), time);
            return;
        }

        using (stream)
        {
            if ((int)response.StatusCode is 204 or 205 or >= 300 && await ReadBodyAsync(stream, cancellationToken).ConfigureAwait(false) is { } body)
            {
                answer.Reply = new KeptReply((int)response.StatusCode, FieldsOf(response), body);
            }
        }
    }

    private static List<KeyValuePair<string, string>> FieldsOf(HttpResponseMessage response)
    {
        var fields = EndToEndFields.OfMessage(response);
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

    // RFC 9111 §3, and never longer than the operator says. That an object cannot be cached is a finding of this process, not a stored response.
    private TimeSpan LifetimeOf(OriginAnswer answer, HttpResponseMessage response)
    {
        if (answer.Outcome is OriginOutcome.Uncacheable or OriginOutcome.Other)
        {
            return longestLifetime;
        }

        if (!_keptStatuses.Contains(answer.Status) || !Freshness.IsCacheable(response))
        {
            return TimeSpan.Zero;
        }

        var lifetime = Freshness.LifetimeOf(response, longestLifetime);
        return lifetime < longestLifetime ? lifetime : longestLifetime;
    }

    private async Task<byte[]?> ReadBodyAsync(OriginStream stream, CancellationToken cancellationToken)
    {
        using var tooLate = new CancellationTokenSource(options.FirstByteTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(tooLate.Token, cancellationToken);
        using var body = new MemoryStream();
        var piece = new byte[4096];
        try
        {
            int count;
            while ((count = await stream.ReadAsync(piece, either.Token).ConfigureAwait(false)) > 0)
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
