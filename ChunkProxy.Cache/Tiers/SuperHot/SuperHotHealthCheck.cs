using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChunkProxy.Cache.Tiers.SuperHot;

/// <summary>A Redis failure makes the process degraded, never unhealthy: super-hot chunks come from their owners.</summary>
internal sealed class SuperHotHealthCheck(SuperHotTier? superHot = null) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(superHot?.State.DegradedReason is { } reason ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Healthy());
}
