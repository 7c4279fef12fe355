using System.Diagnostics.Metrics;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.ZeroCopy;

namespace ChunkProxy.Cache.Status;

/// <summary>Publishes what responses to slow clients and members hold.</summary>
internal sealed class PendingSendMetrics(IMeterFactory meters, PendingSends sends) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var meter = meters.Create(CacheMetrics.MeterName);
        meter.CreateObservableUpDownCounter(
            "chunkproxy.sends.held", () => sends.HeldBytes, "By", "Bytes that responses to slow clients and members keep in memory.");
        meter.CreateObservableCounter(
            "chunkproxy.sends.recalled", () => sends.Recalls, "{response}", "Times that a response to a slow client or member gave back its memory and connections.");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
