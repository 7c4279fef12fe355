using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>What to ask the origin for.</summary>
/// <param name="Id">The object.</param>
/// <param name="Range">The bytes wanted, or null for all of it without a Range field. It may reach past the object's end.</param>
/// <param name="Expected">The version the bytes must be of, where one is known.</param>
/// <param name="OnlyIfChanged">Ask for the bytes only if the expected version is not the current one any more (a revalidation).</param>
internal readonly record struct OriginRequest(ObjectId Id, ByteRange? Range, ObjectVersion? Expected = null, bool OnlyIfChanged = false)
{
    /// <summary>The request is for bytes of a known version. Any other is a question about the object, whose answer may be handed on to clients.</summary>
    public bool IsForBytes => Expected is not null && !OnlyIfChanged;

    /// <summary>
    /// The object's generation from before the request was sent: what the answer brings is of that one. A purge in between must find it outdated, for
    /// the origin may have answered before.
    /// </summary>
    public long Generation { get; init; } = Expected?.Generation ?? 0;

    /// <summary>The client's fields that are passed on: where a version is expected, those with which its variant is selected.</summary>
    public RequestFields Fields { get; init; } = Expected?.Headers.Variant?.ToRequestFields() ?? RequestFields.None;
}
