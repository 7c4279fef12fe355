namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Settings of the disk tier.</summary>
public sealed class DiskTierOptions
{
    /// <summary>Created if missing. The tier writes only below it, and touches nothing else there.</summary>
    public required string Directory { get; init; }

    /// <summary>Upper bound of the space on disk, in bytes: chunks, records, temporary files and directories, each rounded up to 4 KiB.</summary>
    public required long Budget { get; init; }

    /// <summary>Upper bound of the memory that queued writes hold, in bytes. Chunks beyond it are written if they stay in memory long enough.</summary>
    public long WriteQueueLimit { get; init; } = 32 * 1024 * 1024;

    /// <summary>Concurrent file reads, each on its own thread.</summary>
    public int ReadThreads { get; init; } = 8;

    /// <summary>Reads that may wait for a thread. Beyond, a look-up is a miss, so a hanging disk blocks no more readers than this.</summary>
    public int ReadQueueLimit { get; init; } = 512;

    /// <summary>Most chunk files that are open at one time. Further reads wait for one to close.</summary>
    public int OpenFiles { get; init; } = 4096;

    /// <summary>Most files that stay open between reads, at most half of <see cref="OpenFiles"/>.</summary>
    public int KeptFiles { get; init; } = 1024;

    /// <summary>Pause after a disk fault. Doubles with each failed probe up to <see cref="LongestRetryDelay"/>.</summary>
    public TimeSpan FirstRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestRetryDelay { get; init; } = TimeSpan.FromMinutes(1);
}
