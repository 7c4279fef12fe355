using System.Diagnostics;
using OpenTelemetry.Trace;

namespace ChunkProxy.ServiceDefaults;

/// <summary>Lets a trace begin with a request that comes in, and with nothing else.</summary>
/// <remarks>
/// Background work (leases at etcd, the list in Redis, pings, probes) would begin traces of its own, always the same ones, and the reads
/// would drown in them. As a part of a request, the same calls are recorded.
/// </remarks>
/// <param name="requests">Decides for requests, and for all that belongs to one.</param>
internal sealed class RequestRootSampler(Sampler requests) : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters)
    {
        var parent = samplingParameters.ParentContext;
        var isDropped = parent.TraceId == default
            ? samplingParameters.Kind is not ActivityKind.Server
            : !parent.IsRemote && !parent.TraceFlags.HasFlag(ActivityTraceFlags.Recorded); // a step of work that is dropped, whatever the sampler says
        return isDropped ? new SamplingResult(SamplingDecision.Drop) : requests.ShouldSample(samplingParameters);
    }
}
