using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ChunkProxy.ServiceDefaults;

/// <summary>Starts traces at incoming requests only.</summary>
/// <remarks>
/// Background work (leases in etcd, the list in Redis, pings, probes) would start many identical traces, among which those of
/// reads would be hard to find. Within a request, the same calls are recorded.
/// </remarks>
/// <param name="requests">Decides for requests and their spans.</param>
internal sealed class RequestRootSampler(Sampler requests) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var isDropped = parent.TraceId == default
            ? samplingParameters.Kind is not ActivityKind.Server
            : !parent.IsRemote && !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded); // a step of dropped work, whatever the sampler decides
        return isDropped ? new SamplingResult(SamplingDecision.Drop) : requests.ShouldSample(samplingParameters);
    }
}
