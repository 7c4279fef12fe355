using System.Net;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Sites;
using ChunkProxy.Web.Clients;
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
/// <param name="limits">What one client may take of the route.</param>
internal sealed class Route(
    string name, RoutePath path, SiteRules site, UrlSigning signing, AccessGate access, CorsPolicy? cors, PassedOnFields passedOn, RouteLimits limits)
{
    public string Name => name;

    public RoutePath Path => path;

    public SiteRules Site => site;

    public CorsPolicy? Cors => cors;

    public PassedOnFields PassedOn => passedOn;

    /// <summary>What one client may take of the route; null: as much as of the process.</summary>
    public ClientRules? Limits { get; } = limits.Clients;

    /// <summary>What one client may make the origin send for the route; null: as much as for the process.</summary>
    public ColdLimit? Cold { get; } = limits.Cold;

    /// <summary>
    /// Returns the object at a client's URL; null if the host is part of the key, and is none. A signature of the URL is part of neither the key nor the
    /// request to the origin.
    /// </summary>
    /// <param name="host">The host of the URL.</param>
    /// <param name="pathAndQuery">Path and query of the URL, in normal form.</param>
    public ObjectId? ObjectAt(HostString host, string pathAndQuery) =>
        TargetOf(host, signing.IsOn ? UrlSignature.RemoveFrom(pathAndQuery) : pathAndQuery) is { } target ? site.ObjectAt(target) : null;

    /// <summary>Returns what the origin is asked for, with the host before it if the key has it; null if there is no host then.</summary>
    /// <param name="host">The host of the URL.</param>
    /// <param name="pathAndQuery">Path and query of the URL, in normal form.</param>
    public string? TargetOf(HostString host, string pathAndQuery) =>
        !site.KeyHasHost ? path.ToOrigin(pathAndQuery) : RequestHost.ForKey(host) is { } name ? HostedTarget.Of(name, path.ToOrigin(pathAndQuery)) : null;

    /// <summary>Returns the object with the signature of the URL; null if there is no object.</summary>
    /// <param name="host">The host of the URL.</param>
    /// <param name="pathAndQuery">Path and query of the URL, in normal form.</param>
    public RequestedObject? Read(HostString host, string pathAndQuery) =>
        ObjectAt(host, pathAndQuery) is { } id ? new(id, this, pathAndQuery, signing.IsOn ? UrlSignature.Read(pathAndQuery) : null) : null;

    /// <inheritdoc cref="AccessGate.JudgeAsync"/>
    public ValueTask<AccessVerdict> JudgeAsync(IPAddress? client, RequestedObject requested, HttpContext context) =>
        access.JudgeAsync(client, requested.PathAndQuery, requested.Signature, context);
}
