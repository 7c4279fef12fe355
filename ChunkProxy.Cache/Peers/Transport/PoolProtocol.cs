using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Peers.Transport;

/// <summary>The protocol between members: HTTP/1.1 on the pool port. Rationale: docs/decisions/0004-pool-protocol.md.</summary>
internal static class PoolProtocol
{
    /// <summary>GET: a slice of a chunk, as bytes.</summary>
    public const string ChunkPath = "/pool/v1/chunk";

    /// <summary>GET: the metadata of an object, as a version record.</summary>
    public const string ObjectPath = "/pool/v1/object";

    /// <summary>
    /// GET: an immediate response, empty or of <see cref="Bytes"/>. With <see cref="Object"/>: whether the answer to a request about that object waits
    /// for others.
    /// </summary>
    public const string PingPath = "/pool/v1/ping";

    /// <summary>Most bytes in the response to a ping.</summary>
    public const int MostPingBytes = 256 * 1024;

    /// <summary>POST: chunks that the sender gives up, one per line, for the receiver to fetch. The response grows by one byte per chunk.</summary>
    public const string OfferPath = "/pool/v1/offer";

    /// <summary>POST: a chunk that the receiver must fetch; it responds when it has the chunk.</summary>
    public const string WarmPath = "/pool/v1/warm";

    /// <summary>POST: the receiver must give up ownership. DELETE: it must take it up again. The response is JSON.</summary>
    public const string DrainPath = "/pool/v1/drain";

    /// <summary>GET: the member's status, as JSON.</summary>
    public const string StatusPath = "/pool/v1/stats";

    /// <summary>GET: the chunks of an object that the member has, as JSON.</summary>
    public const string MapPath = "/pool/v1/map";

    /// <summary>GET: the purged objects. POST: purges an object.</summary>
    public const string PurgesPath = "/pool/v1/purges";

    /// <summary>The object's key: its path, and the part of the query that counts.</summary>
    public const string Object = "Pool-Object";

    /// <summary>
    /// With several origins, the hash of the object. The receiver refuses the request if the name of the origin stands for another server or other cache-key rules there, as
    /// between the reloads of two members.
    /// </summary>
    public const string ObjectHash = "Pool-Object-Hash";

    /// <summary>
    /// The whole query of the client's request, without the question mark, if it is not the query of <see cref="Object"/>. The origin is asked with
    /// it. The receiver's cache-key rules must lead from it to <see cref="Object"/>.
    /// </summary>
    public const string Query = "Pool-Query";

    /// <summary>
    /// The path of the client's request, if it is not that of <see cref="Object"/>: its case does not count. The origin is asked with it. The receiver's
    /// cache-key rules must lead from it to <see cref="Object"/>.
    /// </summary>
    public const string Path = "Pool-Path";

    /// <summary>The version, as a <see cref="VersionToken"/>. To <see cref="ObjectPath"/>: a version that the origin no longer has.</summary>
    public const string Version = "Pool-Version";

    /// <summary>The chunk's index in the object.</summary>
    public const string Chunk = "Pool-Chunk";

    /// <summary>The requested slice of the chunk, <c>first-end</c> in bytes, excluding the end.</summary>
    public const string Slice = "Pool-Slice";

    /// <summary>Offset in the object of the first byte that will be read. To <see cref="PingPath"/>: of the byte that the sender waits for.</summary>
    public const string FirstByte = "Pool-First-Byte";

    /// <summary>Present: only content in memory or on disk is requested.</summary>
    public const string OnlyIfCached = "Pool-Only-If-Cached";

    /// <summary>Present: the receiver has sent an earlier part of the slice that the sender wants. It counts as one read with that.</summary>
    public const string Continues = "Pool-Continues";

    /// <summary>
    /// The object's generation, if the object was ever purged: in requests to <see cref="ObjectPath"/>, and in responses to requests for a version
    /// from before the purge.
    /// </summary>
    public const string Generation = "Pool-Generation";

    /// <summary>To <see cref="PurgesPath"/>: what the sender has already received from this member, as given in the member's last response.</summary>
    public const string After = "Pool-After";

    /// <summary>To <see cref="PurgesPath"/>: the sender's name. From now on a purge waits until the sender has received it.</summary>
    public const string Listener = "Pool-Listener";

    /// <summary>
    /// To <see cref="PurgesPath"/>, from a listener: the earlier position up to which it has also deleted the files, if it is not done with all that it received.
    /// </summary>
    public const string Erased = "Pool-Erased";

    /// <summary>To <see cref="PurgesPath"/>, present: the response may wait for news (long polling).</summary>
    public const string Wait = "Pool-Wait";

    /// <summary>
    /// The client's fields that are forwarded to the origin: lines of <c>name: value</c> in Base64. To <see cref="ChunkPath"/>: those that select the
    /// variant.
    /// </summary>
    public const string RequestFields = "Pool-Request-Fields";

    /// <summary>The credentials of the client, in the same form, for requests for chunks. The owner sends them to the origin, and stores them nowhere.</summary>
    public const string Credentials = "Pool-Credentials";

    /// <summary>
    /// The client for whom the sender asks, a <see cref="ClientKey"/> in 16 hexadecimal digits: its requests take turns with those of other clients
    /// at the receiver's origin. If its route has a limit, a blank and the rest of a <see cref="ColdLimit"/> follow: route, bytes, <c>refuse</c>. Absent: no client waits.
    /// </summary>
    public const string Client = "Pool-Client";

    /// <summary>The sender's epoch.</summary>
    public const string Epoch = "Pool-Epoch";

    /// <summary>In pings: the number of zero bytes that the response must contain, at most <see cref="MostPingBytes"/>.</summary>
    public const string Bytes = "Pool-Bytes";

    /// <summary>In responses to pings with a subject, present: the member waits for the origin or another member to answer about it.</summary>
    public const string Waits = "Pool-Waits";

    /// <summary>In responses to pings: a digest of the settings that must be equal in all processes.</summary>
    public const string Settings = "Pool-Settings";

    /// <summary>In responses: the version and index of the chunk, so that a response for another chunk is detected.</summary>
    public const string Key = "Pool-Key-Of-Chunk";

    /// <summary>In signed responses to requests for a slice: size of the longest block of the body, in bytes.</summary>
    public const string Block = "Pool-Block";

    /// <summary>In responses: where the member has the bytes from, a <see cref="Reads.ChunkSource"/>.</summary>
    public const string Source = "Pool-Source";

    /// <summary>In responses: the read joined a fill in progress.</summary>
    public const string Collapsed = "Pool-Collapsed";

    /// <summary>In responses: the chunk's recent read count at the member.</summary>
    public const string Rate = "Pool-Rate";

    /// <summary>In failed responses: the <see cref="Reads.ProxyError"/>.</summary>
    public const string Error = "Pool-Error";

    /// <summary>In failed responses: the origin's status.</summary>
    public const string OriginStatus = "Pool-Origin-Status";

    /// <summary>In failed responses about objects, present: the body is the origin's response, a <see cref="ReplyRecord"/>.</summary>
    public const string Reply = "Pool-Reply";

    /// <summary>
    /// In responses about objects, present: the origin was asked. The value <c>again</c> means that a known version was revalidated.
    /// </summary>
    public const string Asked = "Pool-Asked";

    /// <summary>In responses about objects, present: the version is stale, and the origin could not be asked.</summary>
    public const string Stale = "Pool-Stale";

    /// <summary>In failed responses about objects: the object cannot be cached.</summary>
    public const string PassThrough = "Pool-Pass-Through";

    public static string KeyOf(Chunk chunk) => $"{chunk.Version.Hash:x32}-{chunk.Index}";
}
