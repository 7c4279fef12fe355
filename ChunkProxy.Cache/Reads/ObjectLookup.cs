using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>What is known of an object after a look-up: exactly one of a version, a reason why there is none, or that it must be passed through.</summary>
public readonly record struct ObjectLookup
{
    public ObjectVersion? Version { get; private init; }

    public ProxyError Error { get; private init; }

    /// <summary>The origin's status for <see cref="ProxyError.OriginRefused"/>, else 0.</summary>
    public int OriginStatus { get; private init; }

    /// <summary>One sentence for people; safe to show to clients.</summary>
    public string? Reason { get; private init; }

    /// <summary>The object cannot be cached (no length, <c>no-store</c>, <c>private</c>, encoded): answer with <see cref="IChunkReader.PassThroughAsync"/>.</summary>
    public bool IsPassThrough { get; private init; }

    /// <summary>The origin was asked for this look-up (Cache-Status <c>fwd=uri-miss</c> or <c>fwd=stale</c>).</summary>
    public bool AskedOrigin { get; private init; }

    /// <summary>The version was known already, and the origin was asked whether it is still the one (<c>fwd=stale</c>).</summary>
    public bool Revalidated { get; private init; }

    public static ObjectLookup Found(ObjectVersion version, bool askedOrigin) => new() { Version = version, AskedOrigin = askedOrigin };

    /// <summary>The origin was asked about a version that was known, and this is what it has now.</summary>
    public static ObjectLookup FoundAgain(ObjectVersion version) => new() { Version = version, AskedOrigin = true, Revalidated = true };

    public static ObjectLookup Failed(ProxyError error, string reason, int originStatus = 0) => new() { Error = error, Reason = reason, OriginStatus = originStatus };

    public static ObjectLookup PassThrough() => new() { IsPassThrough = true, AskedOrigin = true };
}
