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
        var host = table.UsesHosts ? table.Of(context.Request.Host) : table.Of(default);
        return Read(table, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, host, out verdict);
    }

    /// <summary>Returns the object at a target and a host, or null and the reason as a verdict.</summary>
    public RequestedObject? Read(string rawTarget, HostString host, out TargetVerdict verdict)
    {
        var table = routes.Table;
        return Read(table, rawTarget, table.Of(host), out verdict);
    }

    private RequestedObject? Read(RouteTable table, string rawTarget, HostRoutes host, out TargetVerdict verdict)
    {
        verdict = TargetVerdict.Accepted;
        if (table.Known.Find(rawTarget, host) is { } known)
        {
            return known;
        }

        verdict = RequestTarget.Parse(rawTarget, _maxLength, out var pathAndQuery);
        if (verdict != TargetVerdict.Accepted)
        {
            return null;
        }

        var route = host.Find(pathAndQuery);
        verdict = !host.IsOfFolded(route, pathAndQuery) ? TargetVerdict.AmbiguousRoute
            : route is null ? TargetVerdict.NoRoute
            : route.Path.Check(pathAndQuery);
        if (verdict != TargetVerdict.Accepted)
        {
            return null;
        }

        var requested = route!.Read(pathAndQuery);
        table.Known.Keep(rawTarget, host, requested);
        return requested;
    }
}
