using ChunkProxy.Cache.Chunks;
using ChunkProxy.Web.Http.Access;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>The object that a client's URL names.</summary>
/// <param name="Id">The object.</param>
/// <param name="Route">The route that leads to it.</param>
/// <param name="PathAndQuery">Path and query of the URL, in normal form.</param>
/// <param name="Signature">The signature of the URL; null if it has none, or if URLs are not signed here.</param>
internal sealed record RequestedObject(ObjectId Id, Route Route, string PathAndQuery, UrlSignature? Signature);
