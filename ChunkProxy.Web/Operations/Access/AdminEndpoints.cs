using ChunkProxy.ServiceDefaults;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using Microsoft.AspNetCore.Http.Features;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Puts the gate before endpoints.</summary>
internal static class AdminEndpoints
{
    /// <summary>Returns where endpoints of the reserved prefix are to be mapped: each gets the gate before it.</summary>
    /// <remarks>One that does not say what it is (<see cref="Takes"/>) is taken for an action, so that none is open by an oversight.</remarks>
    public static IEndpointRouteBuilder MapBehindGate(this IEndpointRouteBuilder endpoints)
    {
        var gate = endpoints.ServiceProvider.GetRequiredService<AdminGate>();
        var group = endpoints.MapGroup("");
        ((IEndpointConventionBuilder)group).Finally(endpoint => endpoint.RequestDelegate = AtOneSpelling(gate.Before(endpoint.RequestDelegate!, AccessOf(endpoint.Metadata))));
        return group;
    }

    /// <summary>Says what the endpoint is.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder endpoint, AdminAccess access)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(access);

    /// <summary>Keeps the endpoint away from the prefix's own address, where there is nothing else.</summary>
    public static void NotAtAdminAddress(this IEndpointConventionBuilder endpoint) => endpoint.Finally(built =>
    {
        var inner = built.RequestDelegate!;
        built.RequestDelegate = context => AdminListener.Brought(context)
            ? ErrorAnswer.WriteAsync(
                context, StatusCodes.Status404NotFound, "This address serves only paths below /_chunkproxy/.", CacheStatus.Refused)
            : inner(context);
    });

    // Routing takes /_ChunkProxy/, /%5fchunkproxy/ and /a/../_chunkproxy/ for the same. What stands before this process, and keeps strangers out of one
    // spelling, would let another pass.
    private static RequestDelegate AtOneSpelling(RequestDelegate inner) => context =>
        ReservedPaths.Spells(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
            ? inner(context)
            : ErrorAnswer.WriteAsync(context, StatusCodes.Status404NotFound, "There is nothing at this path.", CacheStatus.Refused);

    private static AdminAccess AccessOf(IEnumerable<object> metadata) => metadata
        .Select(static it => it switch
        {
            AdminAccess access => access,
            DefaultEndpoint.Health => AdminAccess.Probe,
            DefaultEndpoint.Metrics => AdminAccess.Look,
            _ => (AdminAccess?)null,
        })
        .LastOrDefault(static access => access is not null) ?? AdminAccess.Action;
}
