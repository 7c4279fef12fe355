using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A disk that fails makes the process degraded, never unhealthy: it goes on from memory and origin.</summary>
internal sealed class DiskHealthCheck(DiskTier? disk = null) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(disk?.State.DegradedReason is { } reason ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Healthy());
}
