using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>A request to the origin.</summary>
/// <param name="Id">The object.</param>
/// <param name="Range">The requested bytes, which may extend past the object's end; null for the whole object without a Range field.</param>
/// <param name="Expected">The version that the bytes must be of; null if none is known.</param>
/// <param name="OnlyIfChanged">Whether to request the bytes only if the expected version is no longer current (a revalidation).</param>
internal readonly record struct OriginRequest(ObjectId Id, ByteRange? Range, ObjectVersion? Expected = null, bool OnlyIfChanged = false)
{
    /// <summary>
    /// Whether the request is for bytes of a known version. Any other request is about the object, and its response may be forwarded to clients.
    /// </summary>
    public bool IsForBytes => Expected is not null && !OnlyIfChanged;

    /// <summary>
    /// The object's generation before the request was sent, which the response belongs to. A purge in between makes the response outdated, because
    /// the origin may have answered before the purge.
    /// </summary>
    public long Generation { get; init; } = Expected?.Generation ?? 0;

    /// <summary>The client's fields that are forwarded. With an expected version, the fields that select its variant.</summary>
    public RequestFields Fields { get; init; } = Expected?.Headers.Variant?.ToRequestFields() ?? RequestFields.None;
}
