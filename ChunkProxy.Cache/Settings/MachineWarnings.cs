using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Warns at the start about what the machine may not have enough of.</summary>
internal sealed partial class MachineWarnings(IOptions<CacheOptions> options, MachineLimits machine, ILogger<MachineWarnings> log) : IHostedService
{
    // Below this a node serves fewer than about 3,000 clients.
    private const int FewOpenFiles = 4096;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var sizes = options.Value;
        if (Sizing.MemoryWarning(sizes, machine.Memory) is { } memory)
        {
            LogTooLarge(memory);
        }

        if (sizes.DiskBudget > 0 && Sizing.DiskWarning(sizes, machine.DiskSpaceFor(sizes.Dir)) is { } disk)
        {
            LogTooLarge(disk);
        }

        if (machine.OpenFiles < FewOpenFiles)
        {
            LogFewOpenFiles(machine.OpenFiles);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(1, LogLevel.Warning, "Sizes do not fit this machine: {Arithmetic}")]
    private partial void LogTooLarge(string arithmetic);

    [LoggerMessage(2, LogLevel.Warning, "The limit of open files is {Limit}. Each connection takes one, so few clients can be served. Raise it (LimitNOFILE, ulimit -n)")]
    private partial void LogFewOpenFiles(int limit);
}
