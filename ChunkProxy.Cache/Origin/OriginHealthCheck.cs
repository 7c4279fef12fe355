using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChunkProxy.Cache.Origin;

/// <summary>An unavailable origin makes the process degraded, never unhealthy: cached content is still served.</summary>
internal sealed class OriginHealthCheck(OriginServers origins) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(origins.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}
