using ChunkProxy.Web.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Web.Hosting;

/// <summary>Delays the stop while clients are still served, and health already fails (<see cref="WebOptions.LameDuck"/>).</summary>
/// <remarks>The host calls <see cref="StoppingAsync"/> of all services before it stops any of them, so the port is still open.</remarks>
internal sealed partial class LameDuckTime(IOptions<WebOptions> options, TimeProvider time, ILogger<LameDuckTime> log) : IHostedLifecycleService
{
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (options.Value.LameDuck is var duration && duration > TimeSpan.Zero)
        {
            LogLameDuck(duration);
            await Task.Delay(duration, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Information, "Stopping: health fails, and clients are served for another {Duration} (-lameduck)")]
    private partial void LogLameDuck(TimeSpan duration);
}
