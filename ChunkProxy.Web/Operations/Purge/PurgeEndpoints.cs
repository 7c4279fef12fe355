using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Purge;

/// <summary>Purges an object from all members. Requires the admin key.</summary>
internal sealed class PurgeEndpoints(PurgeCoordinator purger, SiteTargets site, IOptions<FrontEndOptions> options)
{
    public const string Method = "PURGE";

    /// <summary>Maps <c>POST /_chunkproxy/purge?path=/film.mp4</c>.</summary>
    public static void MapPurge(IEndpointRouteBuilder endpoints)
    {
        var purge = endpoints.ServiceProvider.GetRequiredService<PurgeEndpoints>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/purge", [HttpMethods.Post], context => purge.AnswerAsync(context, context.Request.Query["path"].ToString()));
    }

    /// <summary>Maps <c>PURGE /film.mp4</c> where the reserved prefix is served. Elsewhere <paramref name="objects"/> rejects the method.</summary>
    public static void MapPurgeMethod(IEndpointRouteBuilder endpoints, RequestDelegate objects)
    {
        var purge = endpoints.ServiceProvider.GetRequiredService<PurgeEndpoints>();
        var gate = endpoints.ServiceProvider.GetRequiredService<AdminGate>().Before(
            context => purge.AnswerAsync(context, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget), AdminAccess.Action);
        var hasOwnAddress = endpoints.ServiceProvider.GetRequiredService<IOptions<AdminOptions>>().Value.AdminAddress is not null;
        endpoints.MapMethods("{**path}", [Method], context => hasOwnAddress && !AdminListener.Brought(context) ? objects(context) : gate(context));
    }

    private async Task AnswerAsync(HttpContext context, string target)
    {
        var verdict = RequestTarget.Parse(target, options.Value.MaxTargetLength, out var path);
        if (verdict is not TargetVerdict.Accepted)
        {
            var (status, reason) = target.Length == 0
                ? (StatusCodes.Status400BadRequest, "path= takes the path of an object, as it stands in its URL: /film.mp4")
                : TargetAnswer.Of(verdict);
            await ErrorAnswer.WriteAsync(context, status, reason, CacheStatus.Refused);
            return;
        }

        var report = await purger.PurgeAsync(site.ObjectAt(path), context.RequestAborted);
        context.Response.StatusCode = report.Complete ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            new PurgeAnswer(path, report.Complete, [.. report.Processes.Select(Of)]), PurgeAnswerJson.Default.PurgeAnswer, cancellationToken: context.RequestAborted);
    }

    private static PurgeAnswer.Entry Of(PurgeReport.Entry process) => process.Result is { } erased
        ? new PurgeAnswer.Entry(process.Process, erased.Chunks, erased.Bytes, Error: null)
        : new PurgeAnswer.Entry(process.Process, null, null, "did not confirm in time");
}
