using System.Net.Http.Headers;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>Holds the head of an answer against the request, before a byte of its body is believed.</summary>
internal sealed class OriginAnswerJudge(OriginVersionReader versions, TimeProvider time)
{
    /// <summary>Returns what the answer is. With <see cref="OriginAnswer.Bytes"/> its body is worth reading.</summary>
    public OriginAnswer Judge(OriginRequest request, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            200 or 206 => JudgeBody(request, response, status),
            304 when request is { OnlyIfChanged: true, Expected: { } known } =>
                OriginAnswer.Of(OriginOutcome.NotModified, "unchanged", status, versions.Refreshed(known, response)),
            404 => OriginAnswer.Of(OriginOutcome.NotFound, "the origin has no such object", status),
            408 or 429 or (>= 500 and < 600) => OriginAnswer.Of(OriginOutcome.Failed, $"the origin answers {status}", status, retryAfter: RetryAfterOf(response)),
            410 => OriginAnswer.Of(OriginOutcome.Gone, "the object is gone from the origin", status),
            412 when request.IsForBytes => OriginAnswer.Of(OriginOutcome.VersionChanged, "the object has changed at the origin", status),
            416 => OriginAnswer.Of(
                OriginOutcome.BeyondEnd, "the range begins past the object's end", status, size: response.Content.Headers.ContentRange?.Length),
            >= 400 and < 500 => OriginAnswer.Of(OriginOutcome.Refused, $"the origin answers {status}", status),
            >= 200 and < 400 and not 304 => OriginAnswer.Of(OriginOutcome.Other, $"the origin answers {status}", status),
            _ => OriginAnswer.Of(OriginOutcome.Misbehaved, $"the origin answers {status}", status),
        };
    }

    /// <summary>What an answer is counted as that goes to one client.</summary>
    public static OriginOutcome OutcomeOfPassThrough(int status) => status is 408 or 429 or (>= 500 and < 600) ? OriginOutcome.Failed : OriginOutcome.Uncacheable;

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    private OriginAnswer JudgeBody(OriginRequest request, HttpResponseMessage response, int status)
    {
        if (!Freshness.IsCacheable(response))
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin forbids to keep it", status);
        }

        var content = response.Content.Headers;
        var isPart = status == 206;
        if (isPart && Contradiction(request, content) is { } contradiction)
        {
            return OriginAnswer.Of(OriginOutcome.Misbehaved, contradiction, status);
        }

        if ((isPart ? content.ContentRange!.Length : content.ContentLength) is not { } size)
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin does not say how long the object is", status);
        }

        var version = versions.Read(request.Id, size, request.Generation, response);
        if (version.Layout.ChunkCount > 1 && Validator.IsOnlyWeak(version.Headers.ETag, version.Headers.LastModified))
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin names the object by a weak entity tag only", status);
        }

        if (request is { Expected: { } expected, OnlyIfChanged: false } && !version.IsSameVersionAs(expected))
        {
            return OriginAnswer.Of(OriginOutcome.VersionChanged, "the object has changed at the origin", status, version);
        }

        return isPart
            ? OriginAnswer.OfBytes(OriginOutcome.Part, version, new ByteRange(request.Range!.Value.Start, content.ContentRange!.To!.Value + 1), status)
            : OriginAnswer.OfBytes(OriginOutcome.Whole, version, ByteRange.Whole(size), status);
    }

    private static string? Contradiction(OriginRequest request, HttpContentHeaders part) =>
        request.Range is not { } asked ? "a 206 to a request without a range"
        : ContentRangeCheck.Contradiction(part.ContentRange, part.ContentLength, asked.Start, asked.End) is { } contradiction ? $"the origin answers with {contradiction}"
        : null;
}
