using ChunkProxy.Cache.Origin;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Cors;
using ChunkProxy.Web.Http.Targets;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Answers preflights, and puts the fields of the CORS policy on every response for an object, errors included.</summary>
/// <remarks>
/// Exists only if a policy is configured: requests of other nodes do not pass it. Paths below the reserved prefix get no such field, so that no
/// page of another site can read or change the state of the process.
/// </remarks>
/// <param name="policy">The policy.</param>
/// <param name="objects">The endpoint of the objects.</param>
/// <param name="ended">Records the preflights.</param>
/// <param name="time">The clock.</param>
internal sealed class CorsEndpoint(CorsPolicy policy, RequestDelegate objects, EndedExchanges ended, TimeProvider time)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (ReservedPaths.Contains(context.Request.Path.Value))
        {
            return objects(context);
        }

        if (CorsPolicy.IsPreflight(context.Request))
        {
            return AnswerPreflightAsync(context);
        }

        // At the latest possible moment: error responses clear the fields set before, and the origin's fields are known only then.
        var written = new Written(policy, context);
        context.Response.OnStarting(static state => ((Written)state).WriteAsync(), written);
        return objects(context);
    }

    private async Task AnswerPreflightAsync(HttpContext context)
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
