using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Hosting;

/// <summary>Maps the HTTP front end.</summary>
public static class FrontEndEndpointRouteBuilderExtensions
{
    /// <summary>Serves all paths and methods without another endpoint. Those outside <see cref="ReservedPaths.Prefix"/> are the origin's.</summary>
    public static IEndpointConventionBuilder MapChunkProxyFrontEnd(this IEndpointRouteBuilder endpoints)
    {
        var endpoint = endpoints.ServiceProvider.GetRequiredService<ObjectEndpoint>();
        return endpoints.Map("{**path}", endpoint.InvokeAsync).WithDisplayName("Objects of the origin").WithOrder(int.MaxValue);
    }

    private static IEndpointConventionBuilder WithOrder(this IEndpointConventionBuilder builder, int order)
    {
        builder.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = order);
        return builder;
    }
}
