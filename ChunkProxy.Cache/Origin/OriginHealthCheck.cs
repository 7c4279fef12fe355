using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChunkProxy.Cache.Origin;

/// <summary>An unavailable origin makes the process degraded, never unhealthy: cached content is still served.</summary>
internal sealed class OriginHealthCheck(OriginHealth health) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(health.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}
