using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Pool;

/// <summary>Answers other members. Whoever gets a request answers it, from here or from the origin, and passes it on to nobody.</summary>
internal sealed class PoolEndpoints(PoolSecurity security, IEnumerable<IPoolQuestion> questions, TimeProvider time, ILogger<PoolEndpoints> log)
{
    private readonly Recurrence _strangers = new(time);
    private readonly Dictionary<string, IPoolQuestion> _questions = questions.ToDictionary(question => question.Path);

    /// <summary>Answers one request to the pool port.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        if (!security.Admits(context.Request.Headers.Authorization))
        {
            if (_strangers.Happened() is > 0 and var count)
            {
                log.StrangerRefused(context.Connection.RemoteIpAddress, count); // a member with another key asks twice a second
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden; // and not a word more
            return;
        }

        if (!_questions.TryGetValue(context.Request.Path.Value ?? "", out var question))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await question.AnswerAsync(context).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The member has gone, or has what it wanted.
        }
        catch (Exception error)
        {
            log.PoolRequestFailedUnexpectedly(context.Request.Path, error);
            context.Abort();
        }
    }
}
