namespace ChunkProxy.Web.Exchanges;

/// <summary>Records every ended exchange: in the metrics, its span, the request log, the access log, and the slowest reads.</summary>
internal sealed class EndedExchanges(FrontEndMetrics metrics, SlowestReads slowest, RequestLog requestLog, IExchangeLog accessLog, TimeProvider time)
{
    private readonly IExchangeLog? _accessLog = accessLog.IsOn ? accessLog : null;

    public void Note(HttpContext context, Exchange exchange, ResponseEnding ending)
    {
        exchange.End(isWhole: ending is ResponseEnding.Completed);
        metrics.RequestEnded(context.Request.Method, context.Response.StatusCode, ending, exchange.Total);
        RequestSpan.Ended(context, exchange, ending);
        requestLog.Note(context, exchange, ending);
        _accessLog?.Note(context, exchange, ending);
        if (slowest.WouldAdd(exchange.Waited, exchange.EndedAt))
        {
            slowest.Add(SlowRead.Of(context, exchange, ending, time.GetUtcNow()));
        }
    }
}
