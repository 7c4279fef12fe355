using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>A disk fault makes the process degraded, never unhealthy: memory and origin still serve.</summary>
internal sealed class DiskHealthCheck(DiskTier? disk = null) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(disk?.State.DegradedReason is { } reason ? HealthCheckResult.Degraded(reason) : HealthCheckResult.Healthy());
}
