using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Cors;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>A route: which requests it is for, their origin, and who may read. Immutable.</summary>
/// <param name="name">The name in configuration; empty if there are no routes there.</param>
/// <param name="path">The paths.</param>
/// <param name="site">The rules of the origin.</param>
/// <param name="signing">Whether URLs are signed.</param>
/// <param name="access">Who may read.</param>
/// <param name="cors">Which pages of other sites may read; null: the origin decides.</param>
/// <param name="passedOn">The fields of a request that the origin gets.</param>
internal sealed class Route(string name, RoutePath path, SiteRules site, UrlSigning signing, AccessGate access, CorsPolicy? cors, PassedOnFields passedOn)
{
    public string Name => name;

    public RoutePath Path => path;

    public SiteRules Site => site;

    public CorsPolicy? Cors => cors;

    public PassedOnFields PassedOn => passedOn;

    /// <summary>Returns the object at a client's URL. A signature of the URL is part of neither the key nor the request to the origin.</summary>
    /// <param name="pathAndQuery">Path and query of the URL, in normal form.</param>
    public ObjectId ObjectAt(string pathAndQuery) => site.ObjectAt(path.ToOrigin(signing.IsOn ? UrlSignature.RemoveFrom(pathAndQuery) : pathAndQuery));

    /// <summary>Returns the object with the signature of the URL.</summary>
    /// <param name="pathAndQuery">Path and query of the URL, in normal form.</param>
    public RequestedObject Read(string pathAndQuery) => new(ObjectAt(pathAndQuery), this, pathAndQuery, signing.IsOn ? UrlSignature.Read(pathAndQuery) : null);

    /// <inheritdoc cref="AccessGate.Judge"/>
    public AccessVerdict Judge(IPAddress? client, RequestedObject requested) => access.Judge(client, requested.PathAndQuery, requested.Signature);
}
