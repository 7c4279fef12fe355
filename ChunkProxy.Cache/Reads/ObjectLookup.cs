using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>What is known of an object after a look-up: exactly one of a version, a reason why there is none, or that it must be passed through.</summary>
public readonly record struct ObjectLookup
{
    public ObjectVersion? Version { get; private init; }

    public ProxyError Error { get; private init; }

    /// <summary>The origin's status where it answered with an error, else 0.</summary>
    public int OriginStatus { get; private init; }

    /// <summary>One sentence for people; safe to show to clients.</summary>
    public string? Reason { get; private init; }

    /// <summary>The origin's response, to be handed on; null where there was none, or where it is too long to be kept.</summary>
    public OriginReply? Reply { get; private init; }

    /// <summary>The object cannot be cached (no length, <c>no-store</c>, <c>private</c>, encoded, another status than 200 and 206): answer with
    /// <see cref="Reply"/>, or with <see cref="IChunkReader.PassThroughAsync"/> where that does not fit.</summary>
    public bool IsPassThrough { get; private init; }

    /// <summary>The origin was asked for this look-up (Cache-Status <c>fwd=uri-miss</c> or <c>fwd=stale</c>).</summary>
    public bool AskedOrigin { get; private init; }

    /// <summary>It was another member that asked.</summary>
    public bool AskedByPeer { get; private init; }

    /// <summary>The version was known already, and the origin was asked whether it is still the one (<c>fwd=stale</c>).</summary>
    public bool Revalidated { get; private init; }

    /// <summary>The version is not fresh, and the origin could not be asked.</summary>
    public bool IsStale { get; private init; }

    public static ObjectLookup Found(ObjectVersion version, bool askedOrigin) => new() { Version = version, AskedOrigin = askedOrigin };

    /// <summary>The origin was asked about a version that was known, and this is what it has now.</summary>
    public static ObjectLookup FoundAgain(ObjectVersion version) => new() { Version = version, AskedOrigin = true, Revalidated = true };

    /// <summary>A version that is served on though it is not fresh.</summary>
    public static ObjectLookup Stale(ObjectVersion version) => new() { Version = version, IsStale = true };

    public static ObjectLookup Failed(ProxyError error, string reason, int originStatus = 0, OriginReply? reply = null) =>
        new() { Error = error, Reason = reason, OriginStatus = originStatus, Reply = reply, AskedOrigin = true };

    public static ObjectLookup PassThrough(OriginReply? reply = null) => new() { IsPassThrough = true, AskedOrigin = true, Reply = reply };

    /// <summary>What another member says.</summary>
    /// <param name="asked">It asked the origin.</param>
    /// <param name="revalidated">Whether a version that it knew is still the one.</param>
    /// <param name="isStale">The version is not fresh.</param>
    public ObjectLookup AsSaidByPeer(bool asked, bool revalidated, bool isStale) =>
        this with { AskedOrigin = asked, AskedByPeer = asked, Revalidated = revalidated, IsStale = isStale };

    /// <summary>The same without the origin's response, which is for those who asked only.</summary>
    public ObjectLookup WithoutReply() => this with { Reply = null };

    /// <summary>What is remembered of this look-up for the next one.</summary>
    public ObjectLookup AsRemembered() => this with { AskedOrigin = false, AskedByPeer = false, Revalidated = false, Reply = Reply as KeptReply };
}
