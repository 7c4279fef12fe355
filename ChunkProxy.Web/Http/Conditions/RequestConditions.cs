using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Origin;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ChunkProxy.Web.Http.Conditions;

/// <summary>The conditional fields of a GET or HEAD, and their evaluation in the order of RFC 9110 §13.2.2.</summary>
internal readonly struct RequestConditions(IHeaderDictionary fields)
{
    private readonly StringValues _ifMatch = fields.IfMatch;
    private readonly StringValues _ifUnmodifiedSince = fields.IfUnmodifiedSince;
    private readonly StringValues _ifNoneMatch = fields.IfNoneMatch;
    private readonly StringValues _ifModifiedSince = fields.IfModifiedSince;
    private readonly StringValues _ifRange = fields.IfRange;

    /// <summary>The client probably has the object, so no chunk is fetched before the conditions are evaluated.</summary>
    public bool ProbablyNotModified => _ifNoneMatch.Count > 0 || _ifModifiedSince.Count > 0;

    public PreconditionOutcome Evaluate(OriginHeaders representation, DateTimeOffset now)
    {
        if (_ifMatch.Count > 0)
        {
            if (!EntityTags.Match(_ifMatch, representation.ETag, strongly: true))
            {
                return PreconditionOutcome.Failed;
            }
        }
        else if (TryCompare(_ifUnmodifiedSince, representation, now, out var modifiedAfter) && modifiedAfter)
        {
            return PreconditionOutcome.Failed;
        }

        if (_ifNoneMatch.Count > 0)
        {
            return EntityTags.Match(_ifNoneMatch, representation.ETag, strongly: false) ? PreconditionOutcome.NotModified : PreconditionOutcome.Proceed;
        }

        return TryCompare(_ifModifiedSince, representation, now, out var modified) && !modified ? PreconditionOutcome.NotModified : PreconditionOutcome.Proceed;
    }

    /// <summary>Whether Range applies: there is no If-Range, or it matches the current representation (§13.1.5).</summary>
    /// <param name="representation">The current representation.</param>
    /// <param name="now">The present time.</param>
    /// <param name="hasCodings">Whether other clients get the content compressed: both have one date, so a date does not tell them apart (§8.8.2.2).</param>
    public bool RangeApplies(OriginHeaders representation, DateTimeOffset now, bool hasCodings)
    {
        if (_ifRange.Count == 0)
        {
            return true;
        }

        if (_ifRange.Count > 1)
        {
            return false;
        }

        var validator = _ifRange[0].AsSpan().Trim(" \t");
        if (EntityTags.IsEntityTag(validator))
        {
            return EntityTags.AreStronglyEqual(validator, representation.ETag);
        }

        // A date must match exactly, and is a strong validator only if the response was generated at least a second after it (§8.8.2.2).
        return !hasCodings
            && representation.LastModified is { } modified
            && HttpDate.TryParse(_ifRange[0], now, out var date)
            && date.ToUnixTimeSeconds() == modified.ToUnixTimeSeconds()
            && modified.ToUnixTimeSeconds() < representation.GeneratedAt.ToUnixTimeSeconds();
    }

    // Returns false if the field is ignored: absent, repeated, not a date, or no modification date to compare with.
    private static bool TryCompare(StringValues field, OriginHeaders representation, DateTimeOffset now, out bool modifiedAfter)
    {
        modifiedAfter = false;
        if (field.Count != 1 || representation.LastModified is not { } modified || !HttpDate.TryParse(field[0], now, out var date))
        {
            return false;
        }

        modifiedAfter = modified.ToUnixTimeSeconds() > date.ToUnixTimeSeconds();
        return true;
    }
}
