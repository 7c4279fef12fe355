using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Hosting;

/// <summary>Maps the HTTP front end.</summary>
public static class FrontEndEndpointRouteBuilderExtensions
{
    /// <summary>Serves all paths and methods without another endpoint. Those outside <see cref="ReservedPaths.Prefix"/> are the origin's.</summary>
    public static IEndpointConventionBuilder MapChunkProxyFrontEnd(this IEndpointRouteBuilder endpoints)
    {
        RequestDelegate objects = endpoints.ServiceProvider.GetRequiredService<ObjectEndpoint>().InvokeAsync;
        return endpoints.Map("{**path}", WithCors(objects, endpoints.ServiceProvider)).WithDisplayName("Objects of the origin").WithOrder(int.MaxValue);
    }

    private static RequestDelegate WithCors(RequestDelegate objects, IServiceProvider services) =>
        new CorsEndpoint(
            services.GetRequiredService<CurrentRoutes>(),
            services.GetRequiredService<TargetReader>(),
            objects,
            services.GetRequiredService<EndedExchanges>(),
            services.GetRequiredService<TimeProvider>()).InvokeAsync;

    private static IEndpointConventionBuilder WithOrder(this IEndpointConventionBuilder builder, int order)
    {
        builder.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = order);
        return builder;
    }
}
