using System.Diagnostics;
using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Ignores the trace context that clients send, unless <see cref="WebOptions.TrustTraceContext"/> is set.</summary>
/// <remarks>
/// The framework would make the client's <c>traceparent</c> the parent of the request's span, and HttpClient would send the client's <c>tracestate</c> and
/// <c>baggage</c> to the origin and to members. So a stranger could decide which requests are traced, put requests into foreign traces, and send
/// fields to the origin. Requests between members are not affected: the pool has a server of its own.
/// </remarks>
internal sealed class ClientTraces(IOptions<WebOptions> options) : DistributedContextPropagator
{
    private readonly DistributedContextPropagator _inner = Current;
    private readonly bool _trusts = options.Value.TrustTraceContext;

    public override IReadOnlyCollection<string> Fields => _inner.Fields;

    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) => _inner.Inject(activity, carrier, setter);

    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        (traceId, traceState) = (null, null);
        if (_trusts)
        {
            _inner.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);
        }
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        _trusts ? _inner.ExtractBaggage(carrier, getter) : null;
}
