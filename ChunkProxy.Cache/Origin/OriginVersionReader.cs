using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Origin;

/// <summary>Reads out of an answer's header which version it is of, and how long that may be relied on.</summary>
internal sealed class OriginVersionReader(int chunkSize, TimeSpan defaultFreshness, TimeProvider time, bool trustsLastModified = false)
{
    public ObjectVersion Read(ObjectId id, long size, long generation, HttpResponseMessage response)
    {
        // NonValidated: an entity tag that breaks the grammar still names a version, and goes on to clients as it came.
        var etag = response.Headers.NonValidated.TryGetValues("ETag", out var values) ? values.ToString() : null;
        var modified = response.Content.Headers.LastModified;
        if (trustsLastModified && modified is not null)
        {
            etag = null; // replicas that disagree about it have the same bytes
        }

        var (generated, freshUntil) = Lifetime(response);
        return new ObjectVersion(id, Validator.Of(etag, modified, size), new ChunkLayout(chunkSize, size), new OriginHeaders
        {
            ETag = etag,
            LastModified = modified,
            EndToEnd = EndToEndFields.OfVersion(response),
            GeneratedAt = generated,
            FreshUntil = freshUntil,
        }, generation);
    }

    /// <summary>The same version, relied on anew after a 304 (RFC 9111 §4.3.4).</summary>
    public ObjectVersion Refreshed(ObjectVersion known, HttpResponseMessage response)
    {
        var (generated, freshUntil) = Lifetime(response);
        return new ObjectVersion(known.Id, known.Validator, known.Layout, new OriginHeaders
        {
            ETag = known.Headers.ETag,
            LastModified = known.Headers.LastModified,
            EndToEnd = known.Headers.EndToEnd,
            GeneratedAt = generated,
            FreshUntil = freshUntil,
        }, known.Generation);
    }

    private (DateTimeOffset GeneratedAt, DateTimeOffset FreshUntil) Lifetime(HttpResponseMessage response)
    {
        var generated = time.GetUtcNow() - (response.Headers.Age ?? TimeSpan.Zero);
        return (generated, generated + Freshness.LifetimeOf(response, defaultFreshness));
    }
}
