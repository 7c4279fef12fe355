using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Conditions;
using ChunkProxy.Web.Http.Ranges;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>The response to a GET or HEAD for a known version: the status and the ranges.</summary>
internal readonly record struct AnswerPlan(int Status, RangeOutcome Ranges)
{
    /// <summary>Conditions first, then If-Range, then Range (RFC 9110 §13.2.2); HEAD ignores Range (§14.2).</summary>
    public static AnswerPlan Decide(
        ObjectVersion version, bool isHead, in RequestConditions conditions, in RangeHeader range, DateTimeOffset now, bool hasCodings)
    {
        var whole = RangeOutcome.Whole(version.Size);
        switch (conditions.Evaluate(version.Headers, now))
        {
            case PreconditionOutcome.Failed:
                return new AnswerPlan(StatusCodes.Status412PreconditionFailed, whole);
            case PreconditionOutcome.NotModified:
                return new AnswerPlan(StatusCodes.Status304NotModified, whole);
        }

        if (isHead || range.Form != RangeForm.Bytes || !conditions.RangeApplies(version.Headers, now, hasCodings))
        {
            return new AnswerPlan(StatusCodes.Status200OK, whole);
        }

        var outcome = RangeOutcome.Resolve(range, version.Size);
        var status = outcome.Ending switch
        {
            RangeEnding.Whole => StatusCodes.Status200OK,
            RangeEnding.Unsatisfiable => StatusCodes.Status416RangeNotSatisfiable,
            _ => StatusCodes.Status206PartialContent,
        };
        return new AnswerPlan(status, outcome);
    }
}
