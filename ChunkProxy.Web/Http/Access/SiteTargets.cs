using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Sites;

namespace ChunkProxy.Web.Http.Access;

/// <summary>The objects at the targets of clients. If URLs are signed, the signature is part of neither the key nor the request to the origin.</summary>
internal sealed class SiteTargets(SiteRules site, UrlSigning signing)
{
    /// <param name="pathAndQuery">Path and query of a client's URL in normal form.</param>
    public ObjectId ObjectAt(string pathAndQuery) => site.ObjectAt(signing.IsOn ? UrlSignature.RemoveFrom(pathAndQuery) : pathAndQuery);

    /// <summary>Returns the object with the signature of the URL.</summary>
    /// <param name="pathAndQuery">Path and query of a client's URL in normal form.</param>
    public RequestedObject Read(string pathAndQuery) => new(ObjectAt(pathAndQuery), signing.IsOn ? UrlSignature.Read(pathAndQuery) : null);
}
