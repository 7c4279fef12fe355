using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Sites;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Reads from a response header which version it describes, whether it may be shared, and how long it stays fresh.</summary>
internal sealed class OriginVersionReader(
    CachingRules rules, EndToEndFields endToEnd, SiteRules site, IOptions<CacheOptions> cache, IOptions<OriginOptions> origin, TimeProvider time)
{
    private readonly int _chunkSize = (int)cache.Value.ChunkSize;
    private readonly bool _trustsLastModified = origin.Value.TrustLastModified;
    private readonly IReadOnlyList<string> _passedOn = origin.Value.RequestFieldNames;

    /// <param name="request">The request.</param>
    /// <param name="size">The object's size in bytes.</param>
    /// <param name="response">The response.</param>
    /// <param name="delay">Time to the response header.</param>
    public ReadVersion Read(in OriginRequest request, long size, HttpResponseMessage response, TimeSpan delay)
    {
        var now = time.GetUtcNow();
        var fields = OriginFields.Of(response);
        var decision = rules.Decide(fields, request.Fields, now, delay, site.Freshness.Of(request.Id.PathAndQuery));
        var etag = ETagIn(fields);
        var modified = Freshness.LastModifiedIn(fields, now);
        if (_trustsLastModified && modified is not null)
        {
            etag = null; // replicas whose entity tags differ have the same bytes
        }

        var headers = new OriginHeaders
        {
            ETag = etag,
            LastModified = modified,
            LastModifiedField = LastModifiedFieldIn(fields),
            Date = DateOf(fields, now),
            EndToEnd = endToEnd.OfVersion(fields, decision.Withheld, isWhole: response.StatusCode is System.Net.HttpStatusCode.OK),
            GeneratedAt = decision.GeneratedAt,
            FreshUntil = decision.FreshUntil,
            StaleWhileRevalidateUntil = decision.StaleWhileRevalidateUntil,
            StaleIfErrorUntil = decision.StaleIfErrorUntil,
            Variant = VariantOf(fields, request.Fields),
            Opening = etag is null && modified is null ? request.Expected?.Headers.Opening ?? Random.Shared.NextInt64() : null,
            Tags = TagFields.In(fields) ?? ObjectTags.None,
        };
        var validator = Validator.Of(etag, modified, size, headers.Opening);
        return new ReadVersion(new ObjectVersion(request.Id, validator, new ChunkLayout(_chunkSize, size), headers, request.Generation), decision.Verdict);
    }

    /// <summary>Returns the version after a 304, with updated fields and new freshness (RFC 9111 §4.3.4).</summary>
    public ReadVersion Refreshed(in OriginRequest request, ObjectVersion known, HttpResponseMessage response, TimeSpan delay)
    {
        var now = time.GetUtcNow();
        var stored = known.Headers;
        var update = OriginFields.Of(response);
        var lines = endToEnd.Updated(stored.EndToEnd, update);

        // The updated stored fields decide, with the age of the 304.
        var whole = new OriginFields([.. lines, .. ValidatorsOf(stored), .. update.Lines.Where(line => IsAgeField(line.Key))]);
        var decision = rules.Decide(whole, request.Fields, now, delay, site.Freshness.Of(request.Id.PathAndQuery));
        lines.RemoveAll(line => decision.Withheld.Contains(line.Key, StringComparer.OrdinalIgnoreCase));
        var headers = new OriginHeaders
        {
            ETag = stored.ETag,
            LastModified = stored.LastModified,
            LastModifiedField = stored.LastModifiedField,
            Date = DateOf(update, now),
            EndToEnd = lines,
            GeneratedAt = decision.GeneratedAt,
            FreshUntil = decision.FreshUntil,
            StaleWhileRevalidateUntil = decision.StaleWhileRevalidateUntil,
            StaleIfErrorUntil = decision.StaleIfErrorUntil,
            Variant = VariantOf(whole, request.Fields),
            Opening = stored.Opening,
            Tags = TagFields.In(update) ?? stored.Tags,
        };
        return new ReadVersion(new ObjectVersion(known.Id, known.Validator, known.Layout, headers, known.Generation), decision.Verdict);
    }

    /// <summary>Returns whether a 304 names another version than the stored one, and so does not confirm it (§4.3.4).</summary>
    public static bool IsForAnotherVersion(ObjectVersion known, HttpResponseMessage notModified) =>
        ETagIn(OriginFields.Of(notModified)) is { } etag && known.Headers.ETag is { } stored && !EntityTag.Opaque(etag).SequenceEqual(EntityTag.Opaque(stored));

    // A field that is not forwarded selects no variant, since the origin never sees it. Origin always selects when forwarded: object stores answer a
    // request without it with neither CORS fields nor Vary.
    private Variant? VariantOf(OriginFields fields, RequestFields request)
    {
        if (_passedOn.Count == 0)
        {
            return null;
        }

        var named = FieldTokens.In(fields["Vary"]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return Variant.Of(_passedOn.Where(name => named.Contains(name) || name.Equals("Origin", StringComparison.OrdinalIgnoreCase)), request);
    }

    private static string DateOf(OriginFields fields, DateTimeOffset now) =>
        ResponseAge.DateIn(fields, now) is null ? HttpDate.Format(now) : fields["Date"].First(line => HttpDate.TryParse(line.Trim(), now, out _));

    private static string? LastModifiedFieldIn(OriginFields fields) =>
        fields.Combined("Last-Modified") is { } modified && FieldValue.IsSendable(modified) ? modified : null;

    // A malformed entity tag still identifies a version, and is forwarded to clients unchanged.
    private static string? ETagIn(OriginFields fields) => fields.Combined("ETag") is { Length: > 0 } etag && FieldValue.IsSendable(etag) ? etag : null;

    private static bool IsAgeField(string name) => name.Equals("Date", StringComparison.OrdinalIgnoreCase) || name.Equals("Age", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<KeyValuePair<string, string>> ValidatorsOf(OriginHeaders stored)
    {
        if (stored.ETag is { } etag)
        {
            yield return new("ETag", etag);
        }

        if (stored.LastModifiedField is { } modified)
        {
            yield return new("Last-Modified", modified);
        }
    }
}
