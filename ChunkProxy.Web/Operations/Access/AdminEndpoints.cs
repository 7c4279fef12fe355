using ChunkProxy.ServiceDefaults;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using Microsoft.AspNetCore.Http.Features;

namespace ChunkProxy.Web.Operations.Access;

/// <summary>Puts the access check in front of endpoints.</summary>
internal static class AdminEndpoints
{
    /// <summary>Returns the group for endpoints of the reserved prefix. The gate checks each request to them.</summary>
    /// <remarks>An endpoint without <see cref="Takes"/> counts as an action, so that no endpoint is open by mistake.</remarks>
    public static IEndpointRouteBuilder MapBehindGate(this IEndpointRouteBuilder endpoints)
    {
        var gate = endpoints.ServiceProvider.GetRequiredService<AdminGate>();
        var group = endpoints.MapGroup("");
        ((IEndpointConventionBuilder)group).Finally(endpoint => endpoint.RequestDelegate = ExactPathOnly(gate.Before(endpoint.RequestDelegate!, AccessOf(endpoint.Metadata))));
        return group;
    }

    /// <summary>Declares the access that the endpoint requires.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder endpoint, AdminAccess access)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(access);

    /// <summary>Refuses an object at the separate admin address, which serves only the reserved prefix.</summary>
    public static Task RefuseObjectAsync(HttpContext context) => ErrorAnswer.WriteAsync(
        context, StatusCodes.Status404NotFound, "This address serves only paths below /_chunkproxy/.", CacheStatus.Refused);

    // Routing takes /_ChunkProxy/, /%5fchunkproxy/ and /a/../_chunkproxy/ for the same. What stands before this process, and keeps strangers out of one
    // spelling, would let another pass.
    private static RequestDelegate ExactPathOnly(RequestDelegate inner) => context =>
        ReservedPaths.IsExactPrefixOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget)
            ? inner(context)
            : ErrorAnswer.WriteAsync(context, StatusCodes.Status404NotFound, TargetAnswer.NothingHere, CacheStatus.Refused);

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
