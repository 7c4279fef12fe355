using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The object that a client's URL names.</summary>
/// <param name="Id">The object.</param>
/// <param name="Signature">The signature of the URL; null if it has none, or if URLs are not signed here.</param>
internal sealed record RequestedObject(ObjectId Id, UrlSignature? Signature);
