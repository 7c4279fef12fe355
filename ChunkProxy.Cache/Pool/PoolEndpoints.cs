using System.Diagnostics;
using ChunkProxy.Cache.Cluster;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Peers;
using ChunkProxy.Cache.Peers.Transport;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Telemetry;

namespace ChunkProxy.Cache.Pool;

/// <summary>Answers other members. A request is answered from this process or the origin, and never forwarded to another member.</summary>
internal sealed class PoolEndpoints(ClusterView cluster, RequestGuard guard, IEnumerable<IPoolEndpoint> endpoints, TimeProvider time, ILogger<PoolEndpoints> log)
{
    private readonly Recurrence _unauthenticated = new(time);
    private readonly Recurrence _rejected = new(time);
    private readonly Recurrence _unknownOrigins = new(time);
    private readonly Dictionary<string, IPoolEndpoint> _endpoints = endpoints.ToDictionary(endpoint => endpoint.Path);

    /// <summary>Answers one request to the pool port.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        var verdict = await JudgeAsync(context).ConfigureAwait(false);
        if (verdict is not RequestVerdict.Admitted)
        {
            if (_unauthenticated.Happened() is > 0 and var count)
            {
                log.RequestRefused(context.Connection.RemoteIpAddress, verdict, count); // a member with another key sends two requests a second
            }

            context.Response.StatusCode = StatusCodes.Status403Forbidden; // an unauthenticated sender is not told why
            return;
        }

        if (!_endpoints.TryGetValue(context.Request.Path.Value ?? "", out var endpoint))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        NameSpan(endpoint);

        try
        {
            await endpoint.AnswerAsync(context).ConfigureAwait(false);
            NoteRejection(context, endpoint);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The peer disconnected, possibly because it has what it needs.
        }
        catch (Exception error)
        {
            log.PoolRequestFailedUnexpectedly(context.Request.Path, error);
            context.Abort();
        }
    }

    private void NoteRejection(HttpContext context, IPoolEndpoint endpoint)
    {
        switch (context.Response.StatusCode)
        {
            case StatusCodes.Status400BadRequest when _rejected.Happened() is > 0 and var count:
                log.RequestUnsupported(context.Connection.RemoteIpAddress, endpoint.Path, count);
                break;
            case StatusCodes.Status421MisdirectedRequest when _unknownOrigins.Happened() is > 0 and var count:
                log.OriginUnknown(context.Connection.RemoteIpAddress, PoolFields.OriginIn(context.Request), count);
                break;
        }
    }

    private async ValueTask<RequestVerdict> JudgeAsync(HttpContext context)
    {
        try
        {
            return await guard.JudgeAsync(context, cluster.Self!.Id).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or BadHttpRequestException)
        {
            return RequestVerdict.OtherContent; // the request body did not arrive
        }
    }

    private static void NameSpan(IPoolEndpoint endpoint)
    {
        if (Activity.Current is not { } span)
        {
            return;
        }

        if (span.ParentId is null)
        {
            Untraced.Mark(); // a read for a client belongs to the client's trace; a request without a parent is a member's background work
            return;
        }

        span.DisplayName = $"GET {endpoint.Path}";
        span.SetTag("http.route", endpoint.Path);
    }
}
