using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Reads;

/// <summary>The result of looking up an object: exactly one of a version, an error, or that the object must be passed through.</summary>
public readonly record struct ObjectLookup
{
    public ObjectVersion? Version { get; private init; }

    public ProxyError Error { get; private init; }

    /// <summary>The origin's status if it answered with an error, else 0.</summary>
    public int OriginStatus { get; private init; }

    /// <summary>The reason in one readable sentence; safe to show to clients.</summary>
    public string? Reason { get; private init; }

    /// <summary>The origin's response to forward; null if there was none, or if it is too long to keep.</summary>
    public OriginReply? Reply { get; private init; }

    /// <summary>
    /// Whether the object cannot be cached (no length, <c>no-store</c>, <c>private</c>, encoded, another status than 200 and 206). Answer with
    /// <see cref="Reply"/>, or with <see cref="IChunkReader.PassThroughAsync"/> if the reply does not fit.
    /// </summary>
    public bool IsPassThrough { get; private init; }

    /// <summary>Whether the origin was asked for this look-up (Cache-Status <c>fwd=uri-miss</c> or <c>fwd=stale</c>).</summary>
    public bool AskedOrigin { get; private init; }

    /// <summary>Whether another member asked the origin.</summary>
    public bool AskedByPeer { get; private init; }

    /// <summary>Whether a known version was revalidated at the origin (<c>fwd=stale</c>).</summary>
    public bool Revalidated { get; private init; }

    /// <summary>Whether the version is stale: the origin could not be asked, or is being asked while the version is served (RFC 5861).</summary>
    public bool IsStale { get; private init; }

    /// <summary>The tags of the origin's response, if there is no version.</summary>
    internal ObjectTags Tags => SomeTags ?? ObjectTags.None;

    private ObjectTags? SomeTags { get; init; } // null in the default value

    public static ObjectLookup Found(ObjectVersion version, bool askedOrigin) => new() { Version = version, AskedOrigin = askedOrigin };

    /// <summary>Returns the current version after a known one was revalidated.</summary>
    public static ObjectLookup FoundAgain(ObjectVersion version) => new() { Version = version, AskedOrigin = true, Revalidated = true };

    /// <summary>Returns a stale version that is still served.</summary>
    public static ObjectLookup Stale(ObjectVersion version) => new() { Version = version, IsStale = true };

    public static ObjectLookup Failed(ProxyError error, string reason, int originStatus = 0, OriginReply? reply = null) =>
        new() { Error = error, Reason = reason, OriginStatus = originStatus, Reply = reply, AskedOrigin = true };

    public static ObjectLookup PassThrough(OriginReply? reply = null) => new() { IsPassThrough = true, AskedOrigin = true, Reply = reply };

    /// <summary>Returns this result as reported by another member.</summary>
    /// <param name="asked">Whether the member asked the origin.</param>
    /// <param name="revalidated">Whether the member revalidated a known version.</param>
    /// <param name="isStale">Whether the version is stale.</param>
    public ObjectLookup ReportedByPeer(bool asked, bool revalidated, bool isStale) =>
        this with { AskedOrigin = asked, AskedByPeer = asked, Revalidated = revalidated, IsStale = isStale };

    /// <summary>Returns this result with the tags of the origin's response.</summary>
    internal ObjectLookup Tagged(ObjectTags tags) => tags.IsNone ? this : this with { SomeTags = tags };

    /// <summary>Returns this result without the origin's response, which is only for the callers that waited for it.</summary>
    public ObjectLookup WithoutReply() => this with { Reply = null };

    /// <summary>Returns this result without the target of the request that it was found for.</summary>
    public ObjectLookup AsStored() => this with { Version = Version?.Shared };

    /// <summary>Returns this result for a request for the same object, whose target the origin is asked with if bytes are missing.</summary>
    public ObjectLookup For(ObjectId id) => Version is { } version && !version.Id.HasSameTargetAs(id) ? this with { Version = version.For(id) } : this;

    /// <summary>Returns the part of this result that is remembered for later look-ups.</summary>
    public ObjectLookup Stored() => this with { AskedOrigin = false, AskedByPeer = false, Revalidated = false, Reply = Reply as KeptReply };
}
