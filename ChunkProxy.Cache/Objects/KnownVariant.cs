using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Objects;

/// <summary>What is known about one variant of an object, and until when it may be used without asking the origin.</summary>
internal sealed record KnownVariant(ObjectLookup Known, DateTimeOffset Until)
{
    /// <summary>The version; null if there is none.</summary>
    public ObjectVersion? Version => Known.Version;

    /// <summary>The tags of the response.</summary>
    public ObjectTags Tags => Known.Version?.Headers.Tags ?? Known.Tags;

    private Variant? Variant => Known.Version?.Headers.Variant;

    /// <summary>Returns true if a request with these fields selects this variant.</summary>
    public bool Matches(RequestFields request) => Variant is not { } variant || variant.Matches(request);

    /// <summary>Returns true if this variant is kept beside one learned later: the same request fields select both, with different values.</summary>
    public bool CoexistsWith(KnownVariant later) =>
        Variant is { } variant && later.Variant is { } other && variant.HasSameNamesAs(other) && !variant.Equals(other);
}
