using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Origin;

/// <summary>Reads out of a response's header which version it is of, whether that may be shared, and how long it may be relied on.</summary>
internal sealed class OriginVersionReader(
    CachingRules rules, EndToEndFields endToEnd, IOptions<CacheOptions> cache, IOptions<OriginOptions> origin, TimeProvider time)
{
    private readonly int _chunkSize = (int)cache.Value.ChunkSize;
    private readonly bool _trustsLastModified = origin.Value.TrustLastModified;
    private readonly IReadOnlyList<string> _passedOn = origin.Value.RequestFieldNames;

    /// <param name="request">What was asked.</param>
    /// <param name="size">Bytes of the object.</param>
    /// <param name="response">The response.</param>
    /// <param name="delay">How long its head took.</param>
    public ReadVersion Read(in OriginRequest request, long size, HttpResponseMessage response, TimeSpan delay)
    {
        var now = time.GetUtcNow();
        var fields = OriginFields.Of(response);
        var decision = rules.Decide(fields, request.Fields, now, delay);
        var etag = ETagIn(fields);
        var modified = Freshness.LastModifiedIn(fields, now);
        if (_trustsLastModified && modified is not null)
        {
            etag = null; // replicas that disagree about it have the same bytes
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
        };
        var validator = Validator.Of(etag, modified, size, headers.Opening);
        return new ReadVersion(new ObjectVersion(request.Id, validator, new ChunkLayout(_chunkSize, size), headers, request.Generation), decision.Verdict);
    }

    /// <summary>The same version after a 304: its stored fields are updated, and it is relied on anew (RFC 9111 §4.3.4).</summary>
    public ReadVersion Refreshed(in OriginRequest request, ObjectVersion known, HttpResponseMessage response, TimeSpan delay)
    {
        var now = time.GetUtcNow();
        var stored = known.Headers;
        var update = OriginFields.Of(response);
        var lines = endToEnd.Updated(stored.EndToEnd, update);

        // Judged by what is stored then, and by the age of the 304.
        var whole = new OriginFields([.. lines, .. ValidatorsOf(stored), .. update.Lines.Where(line => IsOfAge(line.Key))]);
        var decision = rules.Decide(whole, request.Fields, now, delay);
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
        };
        return new ReadVersion(new ObjectVersion(known.Id, known.Validator, known.Layout, headers, known.Generation), decision.Verdict);
    }

    /// <summary>A 304 that names another state than the stored one is no answer to the question (§4.3.4).</summary>
    public static bool IsOfAnother(ObjectVersion known, HttpResponseMessage notModified) =>
        ETagIn(OriginFields.Of(notModified)) is { } etag && known.Headers.ETag is { } stored && Opaque(etag) != Opaque(stored);

    // Fields that are not passed on select nothing: the origin has never seen them. Origin selects wherever it is passed on: object stores answer a
    // request without it by a response that has neither CORS fields nor Vary.
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

    private static string Opaque(string etag) => etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag;

    // An entity tag that breaks the grammar still names a version, and goes on to clients as it came.
    private static string? ETagIn(OriginFields fields) => fields.Combined("ETag") is { Length: > 0 } etag && FieldValue.IsSendable(etag) ? etag : null;

    private static bool IsOfAge(string name) => name.Equals("Date", StringComparison.OrdinalIgnoreCase) || name.Equals("Age", StringComparison.OrdinalIgnoreCase);

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
