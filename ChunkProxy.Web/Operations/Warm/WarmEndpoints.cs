using ChunkProxy.Cache.Metering;
using ChunkProxy.Web.Http.Ranges;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Operations.Access;

namespace ChunkProxy.Web.Operations.Warm;

/// <summary>Maps warm-ups: <c>POST /_chunkproxy/warm?path=/film.mp4&amp;range=bytes=0-99</c> starts one, GET shows it, DELETE cancels it.</summary>
internal static class WarmEndpoints
{
    private const string Root = ReservedPaths.Prefix + "/warm";

    private static readonly string[] Looks = [HttpMethods.Get, HttpMethods.Head];

    public static void MapWarm(this IEndpointRouteBuilder endpoints)
    {
        var jobs = endpoints.ServiceProvider.GetRequiredService<WarmJobs>();
        var objects = endpoints.ServiceProvider.GetRequiredService<ObjectArgument>();
        endpoints.MapMethods(Root, [HttpMethods.Post], context => StartAsync(context, jobs, objects)).Takes(AdminAccess.Action);
        endpoints.MapMethods(Root, Looks, context => ListAsync(context, jobs)).Takes(AdminAccess.Look);
        endpoints.MapMethods(Root + "/{id}", Looks, context => ShowAsync(context, jobs, StatusCodes.Status200OK)).Takes(AdminAccess.Look);
        endpoints.MapMethods(Root + "/{id}", [HttpMethods.Delete], context => CancelAsync(context, jobs)).Takes(AdminAccess.Action);
    }

    private static async Task StartAsync(HttpContext context, WarmJobs jobs, ObjectArgument objects)
    {
        var query = context.Request.Query;
        var range = query["range"].ToString() is { Length: > 0 } text ? text : null;
        if (objects.Read(query["path"].ToString(), out var refusal) is not { } id)
        {
            await AdminAnswer.RefuseAsync(context, refusal.Status, refusal.Reason);
            return;
        }

        if (range is not null && RangeHeader.Parse(range, maxRanges: 1).Form is not RangeForm.Bytes)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, "range= takes one range, as in a Range field: bytes=0-1048575");
            return;
        }

        if (!WarmTerms.TryRead(query, out var terms, out var reason))
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, reason);
            return;
        }

        if (jobs.Start(id, range, terms.BytesPerSecond) is not { } job)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status429TooManyRequests, $"{WarmJobs.MostRunning} warm-ups are running already. Wait for one to end, or cancel one.");
            return;
        }

        context.Response.Headers.Location = $"{Root}/{job.Id}";
        await AdminAnswer.WriteAsync(context, StatusCodes.Status202Accepted, job.Read(), WarmAnswerJson.Readable.WarmAnswer);
    }

    private static Task ListAsync(HttpContext context, WarmJobs jobs)
    {
        Untraced.Mark();
        return AdminAnswer.WriteAsync(context, StatusCodes.Status200OK, [.. jobs.All.Select(job => job.Read())], WarmAnswerJson.Readable.IReadOnlyListWarmAnswer);
    }

    private static async Task ShowAsync(HttpContext context, WarmJobs jobs, int status)
    {
        Untraced.Mark();
        if (Find(context, jobs) is not { } job)
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status404NotFound, "Unknown warm-up. A process remembers the last hundred warm-ups until it stops.");
            return;
        }

        if (!WarmTerms.TryRead(context.Request.Query, out var terms, out var reason))
        {
            await AdminAnswer.RefuseAsync(context, StatusCodes.Status400BadRequest, reason);
            return;
        }

        await terms.WaitAsync(job, context.RequestAborted);
        await AdminAnswer.WriteAsync(context, status, job.Read(), WarmAnswerJson.Readable.WarmAnswer);
    }

    private static Task CancelAsync(HttpContext context, WarmJobs jobs)
    {
        Find(context, jobs)?.Cancel();
        return ShowAsync(context, jobs, StatusCodes.Status202Accepted);
    }

    private static WarmJob? Find(HttpContext context, WarmJobs jobs) => jobs.Find((string)context.Request.RouteValues["id"]!);
}
