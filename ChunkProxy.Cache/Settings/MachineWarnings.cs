using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Settings;

/// <summary>Warns at the start about what the machine may not have enough of.</summary>
internal sealed partial class MachineWarnings(IOptions<CacheOptions> options, MachineLimits machine, ILogger<MachineWarnings> log) : IHostedService
{
    // Below this a node serves fewer than about 2,700 clients, and 1,000 in a cluster.
    private const int FewOpenFiles = 4096;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var sizes = options.Value;
        if (Sizing.MemoryWarning(sizes, machine.Memory) is { } memory)
        {
            LogTooLarge(memory);
        }

        if (sizes.DiskBudget > 0)
        {
            WarnOfDisks(sizes);
        }

        if (machine.OpenFiles < FewOpenFiles)
        {
            LogFewOpenFiles(machine.OpenFiles);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void WarnOfDisks(CacheOptions sizes)
    {
        var directories = sizes.Directories;
        if (directories is [var only])
        {
            if (Sizing.DiskWarning(sizes, machine.MostDiskSpaceFor(only)) is { } warning)
            {
                LogTooLarge(warning);
            }

            return;
        }

        for (var i = 0; i < directories.Count; i++)
        {
            if (Sizing.DiskWarning(directories[i], sizes.DirectoryBudgets[i], machine.MostDiskSpaceFor(directories[i])) is { } warning)
            {
                LogTooLarge(warning);
            }
        }

        foreach (var shared in directories.Where(it => machine.FileSystemOf(it) is not null).GroupBy(it => machine.FileSystemOf(it)!.Value.Device).Where(it => it.Count() > 1))
        {
            LogSameFileSystem(string.Join(", ", shared));
        }
    }

    [LoggerMessage(3, LogLevel.Warning, "These directories (-dir) are on one file system: {Directories}. They fail together, and share its speed and space. A disk may not be mounted")]
    private partial void LogSameFileSystem(string directories);

    [LoggerMessage(1, LogLevel.Warning, "Sizes do not fit this machine: {Arithmetic}")]
    private partial void LogTooLarge(string arithmetic);

    [LoggerMessage(2, LogLevel.Warning, "The limit of open files is {Limit}. Each connection takes one, so few clients can be served. Raise it (LimitNOFILE, ulimit -n)")]
    private partial void LogFewOpenFiles(int limit);
}
