using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Cors;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

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
        services.GetRequiredService<IOptions<CorsOptions>>().Value is { Cors.Length: > 0 } options
            ? new CorsEndpoint(new CorsPolicy(options), objects, services.GetRequiredService<EndedExchanges>(), services.GetRequiredService<TimeProvider>()).InvokeAsync
            : objects;

    private static IEndpointConventionBuilder WithOrder(this IEndpointConventionBuilder builder, int order)
    {
        builder.Add(endpoint => ((RouteEndpointBuilder)endpoint).Order = order);
        return builder;
    }
}
