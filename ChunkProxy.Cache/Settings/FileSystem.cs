using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Settings;

/// <summary>The file system of a directory.</summary>
/// <param name="Device">Differs between file systems that are mounted at the same time.</param>
/// <param name="Capacity">Size in bytes.</param>
internal readonly record struct FileSystem(ulong Device, long Capacity)
{
    /// <summary>Returns null if the system does not say.</summary>
    /// <param name="directory">The directory, which need not exist yet.</param>
    public static FileSystem? Of(string directory)
    {
        try
        {
            var existing = NearestExisting(directory);
            return FileStatus.Of(existing) is { } status ? new FileSystem(status.Device, new DriveInfo(existing).TotalSize) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Returns the directory, or the nearest one above it that exists.</summary>
    public static string NearestExisting(string directory)
    {
        var existing = Path.GetFullPath(directory);
        while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
        {
            existing = parent;
        }

        return existing;
    }
}
