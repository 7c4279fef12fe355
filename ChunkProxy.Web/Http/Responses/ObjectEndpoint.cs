using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Web.Clients;
using ChunkProxy.Web.Exchanges;
using ChunkProxy.Web.Http.Access;
using ChunkProxy.Web.Http.Routes;
using ChunkProxy.Web.Http.Sending;
using ChunkProxy.Web.Http.Targets;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Http.Responses;

/// <summary>Receives all requests for objects, and maps every failure to a response or an abort.</summary>
internal sealed partial class ObjectEndpoint(
    VersionResponder responder,
    TargetReader targets,
    EndedExchanges ended,
    ClientRequests requests,
    TimeProvider time,
    IOptions<FrontEndOptions> options,
    ILogger<ObjectEndpoint> logger,
    AllowedMethods? allowed = null)
{
    private const int LongestShownPath = 1000;

    private readonly string _allowed = (allowed ?? AllowedMethods.Reading).Value;
    private readonly FrontEndOptions _options = options.Value;

    public async Task InvokeAsync(HttpContext context)
    {
        var exchange = new Exchange(time) { Client = context.Connection.RemoteIpAddress };
        var ending = ResponseEnding.Faulted;
        var request = requests.Begin(context);
        try
        {
            await (request.IsRefused ? RefuseAsync(context, exchange, ClientOptions.Section) : AnswerAsync(context, exchange));
            ending = ResponseEnding.Completed;
        }
        catch (ClientStalledException)
        {
            ending = ResponseEnding.ClientStalled;
            LogClientStalled(ShownPathOf(context));
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            ending = ResponseEnding.ClientGone; // the failure does not matter: the client has disconnected
        }
        catch (ChunkReadException failure)
        {
            ending = await EndFailedReadAsync(context, failure);
        }
        catch (OperationCanceledException) when (context.Response.HasStarted)
        {
            // The connection informed the writer before RequestAborted. The response is truncated, so it is aborted whatever the cause.
            ending = ResponseEnding.ClientGone;
            context.Abort();
        }
        catch (Exception defect)
        {
            LogUnexpectedError(defect, ShownPathOf(context));
            await EndFaultedAsync(context);
        }
        finally
        {
            request.End(exchange);
            ended.Note(context, exchange, ending);
        }
    }

    private Task RefuseAsync(HttpContext context, Exchange exchange, string section)
    {
        exchange.Refusal = $"{section}:{nameof(ClientOptions.MaxRequests)}";
        return ErrorAnswer.WriteAsync(
            context,
            StatusCodes.Status429TooManyRequests,
            "Too many requests of this client are in progress.",
            CacheStatus.Refused,
            headers => headers.RetryAfter = WholeSeconds.Format(_options.RetryAfter));
    }

    private Task AnswerAsync(HttpContext context, Exchange exchange)
    {
        var request = context.Request;
        var isRead = request.Method == HttpMethods.Get || request.Method == HttpMethods.Head; // method names are case-sensitive (RFC 9110 §9.1)
        if (!isRead && request.Method != HttpMethods.Options)
        {
            return ErrorAnswer.WriteAsync(
                context, StatusCodes.Status405MethodNotAllowed, "Objects are read with GET and HEAD.", CacheStatus.Refused, headers => headers.Allow = _allowed);
        }

        var requested = targets.Read(context, out var verdict);
        if (requested is null)
        {
            var (status, reason) = TargetAnswer.Of(verdict);
            return ErrorAnswer.WriteAsync(context, status, reason, CacheStatus.Refused);
        }

        exchange.Requested = requested;
        if (requested.Route.Limits is { } limits && !requests.TryEnterRoute(context, limits, exchange))
        {
            return RefuseAsync(context, exchange, $"{RouteNames.Section}:{limits.Route}:Clients");
        }

        if (requested.Route.Cold is { } cold)
        {
            ColdLimit.Current = cold; // follows the flow of calls, until the request ends
        }

        var judged = requested.Route.JudgeAsync(exchange.Client, requested, context);
        return judged.IsCompletedSuccessfully ? AnswerAsync(context, exchange, requested, judged.Result) : AnswerLaterAsync(context, exchange, requested, judged);
    }

    private async Task AnswerLaterAsync(HttpContext context, Exchange exchange, RequestedObject requested, ValueTask<AccessVerdict> judged) =>
        await AnswerAsync(context, exchange, requested, await judged);

    private Task AnswerAsync(HttpContext context, Exchange exchange, RequestedObject requested, AccessVerdict verdict)
    {
        if (verdict is not AccessVerdict.Admitted)
        {
            exchange.Refusal = verdict.ToString();
            return AccessAnswer.WriteAsync(context, verdict, _options.RetryAfter);
        }

        var fields = requested.Route.PassedOn.Of(context.Request.Headers);
        return context.Request.Method != HttpMethods.Options ? responder.AnswerAsync(context, requested.Id, fields, exchange) : responder.PassOptionsAsync(context, requested.Id, fields, exchange);
    }

    private async Task<ResponseEnding> EndFailedReadAsync(HttpContext context, ChunkReadException failure)
    {
        if (context.Response.HasStarted)
        {
            LogReadFailed(ShownPathOf(context), failure.Error, failure.Message);
            context.Abort();
            return ResponseEnding.ReadFailed;
        }

        await ErrorAnswer.WriteAsync(context, ObjectLookup.Failed(failure.Error, failure.Message), _options.RetryAfter);
        return ResponseEnding.Completed;
    }

    private static async Task EndFaultedAsync(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        await ErrorAnswer.WriteAsync(context, StatusCodes.Status500InternalServerError, "This server failed.", CacheStatus.Refused);
    }

    private static string ShownPathOf(HttpContext context) => ShownText.PathOf(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, LongestShownPath);

    [LoggerMessage(1, LogLevel.Warning, "Aborted the response for {Path} after its header was sent: {Error}, {Reason}")]
    private partial void LogReadFailed(string path, ProxyError error, string reason);

    [LoggerMessage(2, LogLevel.Information, "Aborted the response for {Path}: the client stopped reading (FrontEnd:WriteTimeout)")]
    private partial void LogClientStalled(string path);

    [LoggerMessage(3, LogLevel.Error, "Unexpected error: the request for {Path} failed")]
    private partial void LogUnexpectedError(Exception defect, string path);
}
