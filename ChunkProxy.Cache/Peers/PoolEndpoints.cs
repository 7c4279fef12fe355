using System.Diagnostics;
using ChunkProxy.Cache.Status;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Peers;

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

        NameSpan(question);

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

    private static void NameSpan(IPoolQuestion question)
    {
        if (Activity.Current is not { } span)
        {
            return;
        }

        if (span.ParentId is null)
        {
            Untraced.Mark(); // a read for a client belongs to the client's trace; what has none is the background work of a member
            return;
        }

        span.DisplayName = $"GET {question.Path}";
        span.SetTag("http.route", question.Path);
    }
}
