using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ChunkProxy.Cache.Tests.Tiers.Disk;

public sealed class DiskHealthCheckTests
{
    [Fact]
    public async Task CheckHealth_DiskFull_IsDegradedWithTheReason()
    {
        var files = new ScriptedFiles();
        await using var directory = new TierDirectory();
        var tier = await directory.StartAndScanAsync(files);
        var check = new DiskHealthCheck(tier);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(check)).Status);

        files.Before = (operation, _) =>
        {
            if (operation == nameof(ScriptedFiles.Write))
            {
                throw ScriptedFiles.NoSpace();
            }
        };
        await directory.StoreAsync(TestChunks.Version("/film.mp4", size: 1000, chunkSize: 64 * 1024).Chunk(0));

        var result = await CheckAsync(check);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Equal(tier.State.DegradedReason, result.Description);
    }

    [Fact]
    public async Task CheckHealth_NoDisk_IsHealthy() => Assert.Equal(HealthStatus.Healthy, (await CheckAsync(new DiskHealthCheck())).Status);

    private static Task<HealthCheckResult> CheckAsync(DiskHealthCheck check) =>
        check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
