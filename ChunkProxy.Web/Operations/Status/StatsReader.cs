using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Status;
using ChunkProxy.Web.Exchanges;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Operations.Status;

/// <summary>Collects the figures of all parts of the process, one after another and not at one instant.</summary>
internal sealed class StatsReader(
    IOptions<CacheOptions> options, EngineFigures engine, FrontEndTotals clients, SlowestReads slowest, ClusterStatusReader cluster, TimeProvider time)
{
    /// <summary>Increases when a field is removed or changes its meaning.</summary>
    public const int Schema = 1;

    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly long _started = time.GetTimestamp();

    /// <summary>Reads the figures of this process, and with <paramref name="askMembers"/> those of the other members too.</summary>
    public async Task<StatsAnswer> ReadAsync(bool askMembers, CancellationToken cancellationToken)
    {
        var members = await cluster.ReadAsync(askMembers, cancellationToken);
        return new StatsAnswer(
            Schema,
            ProductVersion.Number,
            _startedAt,
            Math.Round(time.GetElapsedTime(_started).TotalSeconds, 3),
            options.Value.ChunkSize,
            engine.Memory,
            engine.Disk,
            engine.SuperHot,
            engine.Metadata,
            engine.Reads,
            engine.Fills,
            engine.Origin,
            clients.Read(),
            slowest.Read(),
            members);
    }
}
