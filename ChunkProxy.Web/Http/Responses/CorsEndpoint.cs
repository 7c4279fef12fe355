using ChunkProxy.Cache.Origin;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Cors;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Answers preflights, and puts the fields of the CORS policy on every response for an object, errors included.</summary>
/// <remarks>
/// Has no effect without a policy. Paths below the reserved prefix get no such field, so that no
/// page of another site can read or change the state of the process.
/// </remarks>
/// <param name="routes">The routes with their policies.</param>
/// <param name="targets">Finds the route of a request.</param>
/// <param name="objects">The endpoint of the objects.</param>
/// <param name="ended">Records the preflights.</param>
/// <param name="time">The clock.</param>
internal sealed class CorsEndpoint(CurrentRoutes routes, TargetReader targets, RequestDelegate objects, EndedExchanges ended, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!routes.Table.HasCors || ReservedPaths.Contains(context.Request.Path.Value) || PolicyOf(context) is not { } policy)
        {
            return objects(context);
        }

        if (CorsPolicy.IsPreflight(context.Request))
        {
            return AnswerPreflightAsync(context, policy);
        }

        // At the latest possible moment: error responses clear the fields set before, and the origin's fields are known only then.
        var written = new Written(policy, context);
        context.Response.OnStarting(static state => ((Written)state).WriteAsync(), written);
        return objects(context);
    }

    // With one route, the policy is also for targets that are refused.
    private CorsPolicy? PolicyOf(HttpContext context) => (routes.Table.Only ?? targets.Read(context, out _)?.Route)?.Cors;

    private async Task AnswerPreflightAsync(HttpContext context, CorsPolicy policy)
    {
        var exchange = new Exchange(time);
        var ending = ResponseEnding.Faulted;
        try
        {
            context.Response.Headers.Via = OriginMessages.Via;
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            if (!policy.ApplyToPreflight(context.Request, context.Response.Headers))
            {
                await ErrorAnswer.WriteAsync(
                    context,
                    StatusCodes.Status403Forbidden,
                    "Pages of this origin may not read objects (ChunkProxy:Cors).",
                    CacheStatus.Refused,
                    headers => policy.Apply(context.Request, headers));
            }

            ending = ResponseEnding.Completed;
        }
        finally
        {
            ended.Note(context, exchange, ending);
        }
    }

    private sealed class Written(CorsPolicy policy, HttpContext context)
    {
        public Task WriteAsync()
        {
            policy.Apply(context.Request, context.Response.Headers);
            return Task.CompletedTask;
        }
    }
}
