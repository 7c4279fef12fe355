using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Objects;

/// <summary>What is known of one variant of an object, and until when the origin need not be asked again.</summary>
internal sealed record KnownVariant(ObjectLookup Known, DateTimeOffset Until)
{
    private Variant? Variant => Known.Version?.Headers.Variant;

    /// <summary>A request with these fields is answered by it.</summary>
    public bool Matches(RequestFields request) => Variant is not { } variant || variant.Matches(request);

    /// <summary>It stays known beside another variant that was learnt later: the same request fields select both, by other values.</summary>
    public bool StandsBeside(KnownVariant later) =>
        Variant is { } variant && later.Variant is { } other && variant.HasSameNamesAs(other) && !variant.Equals(other);
}
