namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The settings of the disk tier.</summary>
public sealed class DiskTierOptions
{
    /// <summary>Made if it is not there. Everything the tier writes is below it; nothing else there is touched.</summary>
    public required string Directory { get; init; }

    /// <summary>Bytes on disk that the tier may take at any moment: chunks, records, temporary files and directories, each rounded up to 4 KiB.</summary>
    public required long Budget { get; init; }

    /// <summary>Bytes of chunks that may wait to be written. They hold memory; what comes beyond is not written.</summary>
    public long WriteQueueLimit { get; init; } = 32 * 1024 * 1024;

    /// <summary>Files that are read at the same time, each by a thread of its own.</summary>
    public int ReadThreads { get; init; } = 8;

    /// <summary>Reads that may wait for a thread; beyond, a look-up is a miss. A disk that hangs then holds up no more readers than these.</summary>
    public int ReadQueueLimit { get; init; } = 512;

    /// <summary>How long the disk is left alone after a fault; doubles with each further one up to <see cref="LongestRetryDelay"/>.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromMinutes(1);
}
