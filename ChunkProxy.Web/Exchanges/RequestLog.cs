using System.Net;
using ChunkProxy.Web.Settings;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Exchanges;

/// <summary>Logs one line for each request, if enabled.</summary>
/// <remarks>The framework's HTTP logging wraps the body stream, which would prevent sending from the cache's memory.</remarks>
internal sealed partial class RequestLog(IOptions<WebOptions> options, ILogger<RequestLog> logger)
{
    private const int LongestTarget = 1000;
    private const int LongestRange = 100;

    private readonly bool _isOn = options.Value.RequestLog;
    private readonly bool _hasQueries = options.Value.RequestLogQueries;

    /// <summary>Logs an exchange that has ended.</summary>
    public void Note(HttpContext context, Exchange exchange, ResponseEnding ending)
    {
        if (_isOn && logger.IsEnabled(LogLevel.Information))
        {
            var (request, response) = (context.Request, context.Response);
            var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            LogRequest(
                context.Connection.RemoteIpAddress,
                request.Method,
                _hasQueries ? ShownText.Shorten(target, LongestTarget) : ShownText.PathOf(target, LongestTarget),
                request.Headers.Range is [{ } range] ? ShownText.Shorten(range, LongestRange) : "-",
                response.StatusCode,
                exchange.BytesSent,
                exchange.Total.TotalSeconds,
                exchange.Waited.TotalSeconds,
                response.Headers[CacheStatus.FieldName] is [.., { } did] ? did : "-",
                ending);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Client} {Method} {Target} {Range} {Status} {Bytes} B {Seconds:0.000000} s, waited {Waited:0.000000} s, \"{CacheStatus}\" {Ending}")]
    private partial void LogRequest(
        IPAddress? client, string method, string target, string range, int status, long bytes, double seconds, double waited, string cacheStatus, ResponseEnding ending);
}
