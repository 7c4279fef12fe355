using System.Net.Http.Headers;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Origin;

/// <summary>Checks the header of a response against the request, before any byte of the body is used.</summary>
internal sealed class OriginAnswerJudge(OriginVersionReader versions, TimeProvider time)
{
    /// <summary>Classifies a response. If <see cref="OriginAnswer.Bytes"/> is set, its body is to be read.</summary>
    /// <param name="request">The request.</param>
    /// <param name="response">The response.</param>
    /// <param name="delay">Time to the response header, by which the response may be older than it states.</param>
    public OriginAnswer Judge(OriginRequest request, HttpResponseMessage response, TimeSpan delay = default)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            200 or 206 => JudgeBody(request, response, status, delay),
            304 when request is { OnlyIfChanged: true, Expected: { } known } => JudgeNotModified(request, known, response, delay),
            404 => OriginAnswer.Of(OriginOutcome.NotFound, OriginStatusText.Of(status), status),
            508 => OriginAnswer.Of(OriginOutcome.Refused, "the request would reach the origin in a loop", status), // RFC 5842 §7.2: a retry cannot help
            _ when IsFailure(status) => OriginAnswer.Of(OriginOutcome.Failed, OriginStatusText.Of(status), status, retryAfter: RetryAfterOf(response)),
            410 => OriginAnswer.Of(OriginOutcome.Gone, OriginStatusText.Of(status), status),
            412 when request.IsForBytes => OriginAnswer.Of(OriginOutcome.VersionChanged, "the object has changed at the origin", status),
            416 => OriginAnswer.Of(OriginOutcome.BeyondEnd, "the range begins past the object's end", status),
            >= 400 and < 500 => OriginAnswer.Of(OriginOutcome.Refused, OriginStatusText.Of(status), status),
            >= 200 and < 400 and not 304 => OriginAnswer.Of(OriginOutcome.Other, OriginStatusText.Of(status), status),
            _ => OriginAnswer.Of(OriginOutcome.Misbehaved, OriginStatusText.Of(status), status),
        };
    }

    /// <summary>Returns whether the status says that the origin cannot answer at the moment.</summary>
    public static bool IsFailure(int status) => status is 408 or 429 or (>= 500 and < 600);

    /// <summary>Returns whether the status is a failure that often passes with the next request, such as one of a busy load balancer.</summary>
    public static bool IsTransient(int status) => status is 408 or 429 or 502 or 503 or 504;

    /// <summary>Returns whether the response is that of a busy server or load balancer that does not say with Retry-After how long it will be busy.</summary>
    public static bool IsBusy(OriginAnswer answer) => answer is { Outcome: OriginOutcome.Failed, RetryAfter: null, Status: 502 or 503 or 504 };

    /// <summary>Returns the outcome under which a passed-through response is counted.</summary>
    public static OriginOutcome OutcomeOfPassThrough(int status) => IsFailure(status) ? OriginOutcome.Failed : OriginOutcome.Uncacheable;

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };

    private OriginAnswer JudgeNotModified(OriginRequest request, ObjectVersion known, HttpResponseMessage response, TimeSpan delay)
    {
        if (OriginVersionReader.IsForAnotherVersion(known, response))
        {
            return OriginAnswer.Of(OriginOutcome.VersionChanged, "the origin answers 304 for another version", 304);
        }

        var (version, verdict) = versions.Refreshed(request, known, response, delay);
        return verdict is StoringVerdict.Shareable
            ? OriginAnswer.Of(OriginOutcome.NotModified, "unchanged", 304, version)
            : OriginAnswer.Of(OriginOutcome.Uncacheable, $"the origin no longer allows sharing the response ({verdict})", 304);
    }

    private OriginAnswer JudgeBody(OriginRequest request, HttpResponseMessage response, int status, TimeSpan delay)
    {
        var content = response.Content.Headers;
        var isPart = status == 206;
        if (isPart && Contradiction(request, content) is { } contradiction)
        {
            return OriginAnswer.Of(OriginOutcome.Misbehaved, contradiction, status);
        }

        if ((isPart ? content.ContentRange!.Length : content.ContentLength) is not { } size)
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin does not state the length of the object", status);
        }

        var (version, verdict) = versions.Read(request, size, response, delay);
        if (version.Layout.ChunkCount > 1 && Validator.IsOnlyWeak(version.Headers.ETag, version.Headers.LastModified))
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, "the origin sends only a weak entity tag", status);
        }

        var isExpected = request.Expected is { } expected && version.IsSameVersionAs(expected);
        if (request is { Expected: not null, OnlyIfChanged: false })
        {
            // More bytes of a version that is already shared. Other fields of this response do not concern the object, for example a load balancer's
            // cookie.
            if (!isExpected)
            {
                return OriginAnswer.Of(OriginOutcome.VersionChanged, "the object has changed at the origin", status, version);
            }
        }
        else if (verdict is not StoringVerdict.Shareable && !(isExpected && verdict is StoringVerdict.SetsCookie))
        {
            return OriginAnswer.Of(OriginOutcome.Uncacheable, $"the origin does not allow sharing the response ({verdict})", status);
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
