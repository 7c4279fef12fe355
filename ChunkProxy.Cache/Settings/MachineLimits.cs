namespace ChunkProxy.Cache.Settings;

/// <summary>What the machine, or its container, offers this process.</summary>
/// <param name="memory">Memory in bytes.</param>
/// <param name="diskSpaceFor">Returns the bytes that a cache in a directory can occupy; null if unknown.</param>
/// <param name="openFiles">Most open files, connections included.</param>
/// <param name="fileSystemOf">Returns the file system of a directory; null if unknown.</param>
internal sealed class MachineLimits(long memory, Func<string, long?> diskSpaceFor, int openFiles, Func<string, FileSystem?>? fileSystemOf = null)
{
    // Files that are counted at most. A cache with a default budget has fewer.
    private const int MostFiles = 20_000;

    /// <summary>Memory in bytes: the container's limit, else the machine's memory.</summary>
    public long Memory => memory;

    /// <summary>Most open files of this process, connections included.</summary>
    public int OpenFiles => openFiles;

    /// <summary>Reads the limits of this machine, and raises the limit of open files as far as allowed.</summary>
    public static MachineLimits Read() =>
        new(ContainerMemory.LimitOf() ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, SpaceFor, Settings.OpenFiles.Raise(), FileSystem.Of);

    /// <summary>Returns the bytes that a cache in the directory can occupy: the file system's free space, and what the cache occupies already.</summary>
    /// <returns>Null if the file system does not say.</returns>
    /// <param name="directory">The directory, which need not exist yet.</param>
    public long? DiskSpaceFor(string directory) => diskSpaceFor(directory);

    /// <summary>Returns the file system of a directory, which need not exist yet; null if the system does not say.</summary>
    public FileSystem? FileSystemOf(string directory) => fileSystemOf?.Invoke(directory);

    private static long? SpaceFor(string directory)
    {
        try
        {
            var existing = FileSystem.NearestExisting(directory);
            var own = Directory.Exists(directory)
                ? new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Take(MostFiles).Sum(file => file.Length)
                : 0;
            return new DriveInfo(existing).AvailableFreeSpace + own;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
