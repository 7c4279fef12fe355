using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Metering;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Web.Clients;

namespace ChunkProxy.Web.Exchanges;

/// <summary>The front end's metrics of exchanges with clients.</summary>
internal sealed class FrontEndMetrics
{
    private static readonly string[] StatusClasses = ["other", "1xx", "2xx", "3xx", "4xx", "5xx"];
    private static readonly string[] EndingNames = ["completed", "client_gone", "client_stalled", "read_failed", "faulted"];

    private readonly FrontEndTotals _totals;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstByte;

    public FrontEndMetrics(IMeterFactory meters, FrontEndTotals totals, ClientConnections connections, ClientLimits limits)
    {
        var meter = meters.Create(CacheMetrics.MeterName);
        _totals = totals;
        _duration = meter.CreateLatency(
            "chunkproxy.request.duration", "From the header of a request to the last byte of the response.");
        _firstByte = meter.CreateLatency(
            "chunkproxy.request.time_to_first_byte", "From the header of a request until the first bytes were available, by their source.");
        var slots = connections.Slots;
        meter.CreateObservableUpDownCounter("chunkproxy.connections", () => (long)slots.Count, "{connection}", "Open connections of clients.");
        meter.CreateObservableUpDownCounter("chunkproxy.connections.limit", () => (long)slots.Limit, "{connection}", "Most open connections of clients.");
        meter.CreateObservableCounter("chunkproxy.connections.ended", () => slots.Ended, "{connection}", "Idle connections of clients that ended for a new one.");
        meter.CreateObservableCounter("chunkproxy.connections.refused", () => slots.Refused, "{connection}", "Connections of clients that were refused.");
        meter.CreateObservableCounter(
            "chunkproxy.client.connections.refused", () => limits.RefusedConnections, "{connection}", "Connections that were closed because their client had too many.");
        meter.CreateObservableCounter(
            "chunkproxy.client.requests.refused", () => RefusedRequests(limits), "{request}", "Requests that got 429 because their client had too many in progress, in the process or in a route.");
        meter.CreateObservableCounter("chunkproxy.client.delayed", () => limits.Delayed.TotalSeconds, "s", "Time for which responses were held back to the rate of their client.");
        meter.CreateObservableCounter("chunkproxy.client.sent", () => totals.Sent, "By", "Bytes of response bodies handed to clients' connections.");
    }

    public void RequestEnded(string method, int status, ResponseEnding ending, TimeSpan duration)
    {
        _totals.RequestEnded(status, ending);
        _duration.Record(
            duration.TotalSeconds,
            new("http.request.method", MethodTag(method)),
            new("status_class", StatusClasses[status is >= 100 and < 600 ? status / 100 : 0]),
            new("ending", EndingNames[(int)ending]));
    }

    /// <summary>Records the time to first byte of a response with content.</summary>
    public void FirstByte(ChunkSource source, Exchange exchange)
    {
        if (_firstByte.Enabled)
        {
            _firstByte.Record(exchange.FirstByte!.Value.TotalSeconds, Tag.Of(Tag.Tier, source));
        }
    }

    public void BytesSent(long bytes) => _totals.BytesSent(bytes);

    // Without a route: because of the limits of the process.
    private static IEnumerable<Measurement<long>> RefusedRequests(ClientLimits limits) =>
        [new(limits.RefusedRequests), .. limits.RefusedInRoutes.Select(static it => new Measurement<long>(it.Value, new KeyValuePair<string, object?>("route", it.Key)))];

    // A client can send any method, but a tag must have few values.
    private static string MethodTag(string method) => method is "GET" or "HEAD" ? method : "_OTHER";
}
