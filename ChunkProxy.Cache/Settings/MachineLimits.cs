namespace ChunkProxy.Cache.Settings;

/// <summary>What the machine, or its container, offers this process.</summary>
/// <param name="memory">Memory in bytes.</param>
/// <param name="diskSpaceFor">Returns the bytes that a cache in a directory can occupy; null if unknown.</param>
/// <param name="openFiles">Most open files, connections included.</param>
/// <param name="fileSystemOf">Returns the file system of a directory; null if unknown.</param>
internal sealed class MachineLimits(long memory, Func<string, DiskSpace?> diskSpaceFor, int openFiles, Func<string, FileSystem?>? fileSystemOf = null)
{
    // Files that are counted at most, because each costs a system call at the start.
    private const int MostFiles = 20_000;

    /// <summary>Memory in bytes: the container's limit, else the machine's memory.</summary>
    public long Memory => memory;

    /// <summary>Most open files of this process, connections included.</summary>
    public int OpenFiles => openFiles;

    /// <summary>Reads the limits of this machine, and raises the limit of open files as far as allowed.</summary>
    public static MachineLimits Read() =>
        new(ContainerMemory.LimitOf() ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, static directory => SpaceFor(directory, MostFiles), Settings.OpenFiles.Raise(), FileSystem.Of);

    /// <summary>Returns the bytes that a cache in the directory can occupy: the file system's free space, and what the cache occupies already.</summary>
    /// <returns>Null if the file system does not say. Less than there is if the directory has more files than are counted.</returns>
    /// <param name="directory">The directory, which need not exist yet.</param>
    public long? DiskSpaceFor(string directory) => diskSpaceFor(directory)?.Least;

    /// <summary>Returns the bytes that a cache in the directory cannot exceed; null if the file system does not say.</summary>
    /// <param name="directory">The directory, which need not exist yet.</param>
    public long? MostDiskSpaceFor(string directory) => diskSpaceFor(directory)?.Most;

    /// <summary>Returns the file system of a directory, which need not exist yet; null if the system does not say.</summary>
    public FileSystem? FileSystemOf(string directory) => fileSystemOf?.Invoke(directory);

    /// <summary>Returns the free space and what the directory occupies. With more files than are counted, their rest may be as large as the file system.</summary>
    /// <param name="directory">The directory, which need not exist yet.</param>
    /// <param name="mostFiles">Files that are counted at most.</param>
    internal static DiskSpace? SpaceFor(string directory, int mostFiles)
    {
        try
        {
            var drive = new DriveInfo(FileSystem.NearestExisting(directory));
            var files = Directory.Exists(directory)
                ? new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories).Take(mostFiles + 1).Select(file => file.Length).ToList()
                : [];
            var space = drive.AvailableFreeSpace + files.Take(mostFiles).Sum();
            return new DiskSpace(space, files.Count > mostFiles ? drive.TotalSize : space);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
