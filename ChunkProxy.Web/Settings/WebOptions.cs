using ChunkProxy.Cache.Settings;

namespace ChunkProxy.Web.Settings;

/// <summary>The settings of the process that serves clients, under <c>ChunkProxy:</c> in configuration.</summary>
internal sealed class WebOptions
{
    public const string Section = CacheOptions.Section;

    /// <summary>Address for clients.</summary>
    public HostPort WebAddr { get; set; } = new("", 8080);

    /// <summary>
    /// Longest time for requests in progress to complete when the process stops.
    /// The default is below the 10 s after which <c>docker stop</c> kills the process.
    /// </summary>
    [Between("0", "1 h")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// Time between the signal to stop and the end of listening. Health fails and clients are served meanwhile, so that load balancers stop to send
    /// requests before they would be refused.
    /// </summary>
    [Between("0", "1 h")]
    public TimeSpan LameDuck { get; set; }

    /// <summary>Whether each request is logged, in one line.</summary>
    public bool RequestLog { get; set; }

    /// <summary>Whether these lines have the queries of requests, which may carry signatures and tokens, and not a hash in their place.</summary>
    public bool RequestLogQueries { get; set; }

    /// <summary>
    /// Whether the trace context of clients (<c>traceparent</c>, <c>tracestate</c>, <c>baggage</c>) is continued and sent on: for a node behind an edge
    /// that sets these fields itself.
    /// </summary>
    public bool TrustTraceContext { get; set; }
}
