using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Purges;
using ChunkProxy.Cache.Purges.Exchange;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Responses;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

using PurgeOfSeveral = ChunkProxy.Cache.Purges.Purge;

namespace ChunkProxy.Web.Operations.Purge;

/// <summary>Purges an object, or several, from all members. Requires the admin key.</summary>
internal sealed class PurgeEndpoints(PurgeCoordinator purger, ObjectArgument objects)
{
    public const string Method = "PURGE";

    private const string NoWildcard = "wildcards are not supported: prefix= takes the beginning of paths, and tag= a whole tag, without an asterisk";

    private static readonly string TakesPath = $"prefix= and allqueries= take a path without a query, of at most {PurgeOfSeveral.LongestPath} characters";

    private static readonly string TakesTag = $"tag= takes one tag: visible ASCII characters without a comma, at most {ObjectTags.LongestName}";

    /// <summary>Maps <c>POST /_chunkproxy/purge?path=/film.mp4</c>, <c>?allqueries=/film.mp4</c>, <c>?prefix=/films/</c> and <c>?tag=film-1</c>.</summary>
    public static void MapPurge(IEndpointRouteBuilder endpoints)
    {
        var purge = endpoints.ServiceProvider.GetRequiredService<PurgeEndpoints>();
        endpoints.MapMethods(ReservedPaths.Prefix + "/purge", [HttpMethods.Post], purge.AnswerQueryAsync);
    }

    /// <summary>Maps <c>PURGE /film.mp4</c> where the reserved prefix is served. Elsewhere <paramref name="objects"/> rejects the method.</summary>
    public static void MapPurgeMethod(IEndpointRouteBuilder endpoints, RequestDelegate objects)
    {
        var purge = endpoints.ServiceProvider.GetRequiredService<PurgeEndpoints>();
        var gate = endpoints.ServiceProvider.GetRequiredService<AdminGate>().Before(
            context => purge.AnswerAsync(context, context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, context.Request.Host), AdminAccess.Action);
        var hasOwnAddress = endpoints.ServiceProvider.GetRequiredService<IOptions<AdminOptions>>().Value.AdminAddress is not null;
        endpoints.MapMethods("{**path}", [Method], context => hasOwnAddress && !AdminListener.HasAccepted(context) ? objects(context) : gate(context));
    }

    // POST: one object by path=, all queries of a path by allqueries=, all paths with a prefix by prefix=, all objects with a tag by tag=.
    private Task AnswerQueryAsync(HttpContext context)
    {
        var query = context.Request.Query;
        (PurgeScope Scope, string? Text)[] asked =
            [(PurgeScope.Object, query["path"]), (PurgeScope.Path, query["allqueries"]), (PurgeScope.Prefix, query["prefix"]), (PurgeScope.Tag, query["tag"])];
        return asked.Where(one => !string.IsNullOrEmpty(one.Text)).ToArray() is [var (scope, text)]
            ? scope switch
            {
                PurgeScope.Object => AnswerAsync(context, text!),
                PurgeScope.Tag => AnswerTagAsync(context, text!),
                _ => AnswerGroupAsync(context, scope, text!),
            }
            : RefuseAsync(
                context, "give one of path= (an object, as in its URL: /film.mp4), allqueries= (a path), prefix= (the beginning of paths: /films/), and tag= (a tag of the origin)");
    }

    private async Task AnswerAsync(HttpContext context, string target, HostString host = default)
    {
        if (HasWildcard(target))
        {
            await RefuseAsync(context, NoWildcard);
        }
        else if (objects.Read(target, out var refusal, host) is { } id)
        {
            await AnswerAsync(context, id.Shown, scope: null, await purger.PurgeAsync(id, context.RequestAborted));
        }
        else
        {
            await ErrorAnswer.WriteAsync(context, refusal.Status, refusal.Reason, CacheStatus.Refused);
        }
    }

    private async Task AnswerGroupAsync(HttpContext context, PurgeScope scope, string text)
    {
        if (HasWildcard(text))
        {
            await RefuseAsync(context, NoWildcard);
        }
        else if (objects.ReadPath(text, scope is PurgeScope.Prefix, PurgeOfSeveral.LongestPath, TakesPath, out var refusal) is not { } path)
        {
            await ErrorAnswer.WriteAsync(context, refusal.Status, refusal.Reason, CacheStatus.Refused);
        }
        else if (PurgeOfSeveral.OfSeveral(scope, path, stamp: 0) is { } purge)
        {
            await AnswerAsync(context, path, scope is PurgeScope.Prefix ? "prefix" : "allQueries", await purger.PurgeAsync(purge, context.RequestAborted));
        }
        else
        {
            await RefuseAsync(context, TakesPath);
        }
    }

    // A tag is of all origins: one film may be at several.
    private async Task AnswerTagAsync(HttpContext context, string tag)
    {
        if (HasWildcard(tag))
        {
            await RefuseAsync(context, NoWildcard);
        }
        else if (PurgeOfSeveral.OfSeveral(PurgeScope.Tag, tag, stamp: 0) is { } purge)
        {
            await AnswerAsync(context, tag, "tag", await purger.PurgeAsync(purge, context.RequestAborted));
        }
        else
        {
            await RefuseAsync(context, TakesTag);
        }
    }

    private static async Task AnswerAsync(HttpContext context, string path, string? scope, PurgeReport report)
    {
        context.Response.StatusCode = report.Complete ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsJsonAsync(
            new PurgeAnswer(path, scope, report.Complete, [.. report.Processes.Select(Of)]), PurgeAnswerJson.Default.PurgeAnswer, cancellationToken: context.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext context, string reason) => ErrorAnswer.WriteAsync(context, StatusCodes.Status400BadRequest, reason, CacheStatus.Refused);

    private static bool HasWildcard(string target) => target.Split('?')[0].Contains('*', StringComparison.Ordinal);

    private static PurgeAnswer.Entry Of(PurgeReport.Entry process) => process.Result is { } erased
        ? new PurgeAnswer.Entry(process.Process, erased.Chunks, erased.Bytes, Error: null)
        : new PurgeAnswer.Entry(process.Process, null, null, "did not confirm in time");
}
