using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Routes;

/// <summary>Maps the hosts and raw targets of requests to routes and objects.</summary>
internal sealed class TargetReader(CurrentRoutes routes, IOptions<FrontEndOptions> options)
{
    private readonly int _maxLength = options.Value.MaxTargetLength;

    /// <summary>Returns the object that a request names, or null and the reason as a verdict.</summary>
    public RequestedObject? Read(HttpContext context, out TargetVerdict verdict)
    {
        var table = routes.Table;
        return Read(table, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, table.UsesHosts ? context.Request.Host : default, out verdict);
    }

    /// <summary>Returns the object at a target and a host, or null and the reason as a verdict.</summary>
    public RequestedObject? Read(string rawTarget, HostString host, out TargetVerdict verdict) => Read(routes.Table, rawTarget, host, out verdict);

    private RequestedObject? Read(RouteTable table, string rawTarget, HostString host, out TargetVerdict verdict)
    {
        var ofHost = table.Of(host);
        verdict = TargetVerdict.Accepted;
        if (table.Known.Find(rawTarget, ofHost) is { } known)
        {
            return known;
        }

        verdict = RequestTarget.Parse(rawTarget, _maxLength, out var pathAndQuery);
        if (verdict != TargetVerdict.Accepted)
        {
            return null;
        }

        var route = ofHost.Find(pathAndQuery);
        verdict = !ofHost.IsOfFolded(route, pathAndQuery) ? TargetVerdict.AmbiguousRoute
            : route is null ? TargetVerdict.NoRoute
            : route.Path.Check(pathAndQuery);
        if (verdict != TargetVerdict.Accepted)
        {
            return null;
        }

        if (route!.Read(host, pathAndQuery) is not { } requested)
        {
            verdict = TargetVerdict.NoRoute;
            return null;
        }

        if (ofHost.IsOneHost || !route.Site.KeyHasHost)
        {
            table.Known.Keep(rawTarget, ofHost, requested);
        }

        return requested;
    }
}
