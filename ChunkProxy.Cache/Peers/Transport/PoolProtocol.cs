using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>What members say to each other, over HTTP/1.1 on the pool port; docs/decisions/0004-pool-protocol.md tells why.</summary>
internal static class PoolProtocol
{
    /// <summary>GET: a slice of a chunk, as bytes.</summary>
    public const string ChunkPath = "/pool/v1/chunk";

    /// <summary>GET: what is known of an object, as a version record.</summary>
    public const string ObjectPath = "/pool/v1/object";

    /// <summary>GET: nothing, at once. With <see cref="Object"/>: whether the answer about that waits for others.</summary>
    public const string PingPath = "/pool/v1/ping";

    /// <summary>POST: chunks that the sender gives up, one a line, for the receiver to fetch. Its answer grows by a byte with each.</summary>
    public const string OfferPath = "/pool/v1/offer";

    /// <summary>POST: a chunk that the receiver is to have, and to answer for when it has it.</summary>
    public const string WarmPath = "/pool/v1/warm";

    /// <summary>POST: the receiver is to give up ownership; DELETE: it is to take it up again. Its answer is JSON.</summary>
    public const string DrainPath = "/pool/v1/drain";

    /// <summary>GET: how the member is, as JSON.</summary>
    public const string StatusPath = "/pool/v1/stats";

    /// <summary>GET: which chunks of an object the member has, as JSON.</summary>
    public const string MapPath = "/pool/v1/map";

    /// <summary>GET: which objects have been purged. POST: purges one.</summary>
    public const string PurgesPath = "/pool/v1/purges";

    /// <summary>The object's path and query.</summary>
    public const string Object = "Pool-Object";

    /// <summary>The version, as a <see cref="VersionToken"/>. To <see cref="ObjectPath"/>: one that the origin has no more.</summary>
    public const string Version = "Pool-Version";

    /// <summary>The chunk's number in the object.</summary>
    public const string Chunk = "Pool-Chunk";

    /// <summary>The wanted slice of the chunk, <c>first-end</c> in bytes, the end not included.</summary>
    public const string Slice = "Pool-Slice";

    /// <summary>Offset in the object of the byte that will be read first. To <see cref="PingPath"/>: of the byte that is waited for.</summary>
    public const string FirstByte = "Pool-First-Byte";

    /// <summary>Present: only what is in memory or on disk is wanted.</summary>
    public const string OnlyIfCached = "Pool-Only-If-Cached";

    /// <summary>The object's generation, if it was ever purged: to <see cref="ObjectPath"/>, and in answers to requests for a version of before.</summary>
    public const string Generation = "Pool-Generation";

    /// <summary>To <see cref="PurgesPath"/>: what the sender has heard from this member already, as the member said it in its last answer.</summary>
    public const string After = "Pool-After";

    /// <summary>To <see cref="PurgesPath"/>: the sender's name. It listens: from now on a purge waits for it to have heard.</summary>
    public const string Listener = "Pool-Listener";

    /// <summary>To <see cref="PurgesPath"/>, present: the answer may wait for news.</summary>
    public const string Wait = "Pool-Wait";

    /// <summary>The fields of the client's request that are passed on to the origin, lines of <c>name: value</c> in Base64. To <see cref="ChunkPath"/>: those that select the variant.</summary>
    public const string RequestFields = "Pool-Request-Fields";

    /// <summary>The sender's epoch.</summary>
    public const string Epoch = "Pool-Epoch";

    /// <summary>In answers to pings that name something, present: the member waits for the origin, or for another member, to answer about it.</summary>
    public const string Waits = "Pool-Waits";

    /// <summary>In answers: which chunk of which version this is, so that an answer to something else is noticed.</summary>
    public const string Key = "Pool-Key-Of-Chunk";

    /// <summary>In answers with a proof to requests for a slice: bytes in the longest block of the body.</summary>
    public const string Block = "Pool-Block";

    /// <summary>In answers: where the member has the bytes from, a <see cref="Lookup.ChunkSource"/>.</summary>
    public const string Source = "Pool-Source";

    /// <summary>In answers: the read joined a fill under way.</summary>
    public const string Collapsed = "Pool-Collapsed";

    /// <summary>In answers: how often the member saw the chunk read lately.</summary>
    public const string Rate = "Pool-Rate";

    /// <summary>In failed answers: the <see cref="Lookup.ProxyError"/>.</summary>
    public const string Error = "Pool-Error";

    /// <summary>In failed answers: the origin's status.</summary>
    public const string OriginStatus = "Pool-Origin-Status";

    /// <summary>In failed answers about objects, present: the body is the origin's response, a <see cref="ReplyRecord"/>.</summary>
    public const string Reply = "Pool-Reply";

    /// <summary>In answers about objects, present: the origin was asked; with the value <c>again</c> whether a known version is still the one.</summary>
    public const string Asked = "Pool-Asked";

    /// <summary>In answers about objects, present: the version is not fresh, and the origin could not be asked.</summary>
    public const string Stale = "Pool-Stale";

    /// <summary>In failed answers about objects: the object cannot be cached.</summary>
    public const string PassThrough = "Pool-Pass-Through";

    public static string KeyOf(Chunk chunk) => $"{chunk.Version.Hash:x32}-{chunk.Index}";
}
