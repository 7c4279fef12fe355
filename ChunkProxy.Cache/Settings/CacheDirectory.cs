using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Settings;

/// <summary>Checks the cache directory before the start.</summary>
/// <remarks>A disk that fails at run time costs speed only. A directory that is unusable at the start is a mistake, which ends it.</remarks>
internal static class CacheDirectory
{
    /// <summary>Checks each directory. Of several, those that cannot be created or written to are left to the disk tier, if at least one can.</summary>
    /// <exception cref="StartException">No directory can be created and written to, or other users can write to one.</exception>
    public static void EnsureUsable(CacheOptions options)
    {
        if (options.DiskBudget == 0)
        {
            return;
        }

        var directories = options.Directories;
        var unusable = directories.Select(FaultOf).OfType<Exception>().ToList();
        if (unusable.Find(fault => directories.Count == unusable.Count || fault is UnsafeException) is { } reason)
        {
            throw new StartException($"{CacheOptions.Section}:{nameof(CacheOptions.Dir)}: cannot be used: {reason.Message}", reason);
        }
    }

    /// <summary>Returns which two directories are the same, or one below the other, in words; null if there are none.</summary>
    public static string? OverlapIn(IReadOnlyList<string> directories)
    {
        var real = directories.Select(it => RealPath.Of(it) + Path.DirectorySeparatorChar).ToList();
        for (var i = 0; i < real.Count; i++)
        {
            for (var j = 0; j < real.Count; j++)
            {
                if (i != j && real[j].StartsWith(real[i], StringComparison.Ordinal))
                {
                    return real[i] == real[j]
                        ? $"'{directories[i]}' and '{directories[j]}' are the same directory: takes each once"
                        : $"'{directories[j]}' is in '{directories[i]}': takes directories that are not in each other, on a disk each";
                }
            }
        }

        return null;
    }

    private static Exception? FaultOf(string directory)
    {
        try
        {
            MakePrivate(directory);
            RequireSafe(directory);
            using var probe = File.Create(Path.Combine(directory, Path.GetRandomFileName()), bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e;
        }
    }

    private static void MakePrivate(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // The checksums on disk detect accidents only: a user with write access could alter responses.
    // The directory itself may be a link; its content may not.
    private static void RequireSafe(string directory)
    {
        if (FileOwner.FaultOf(directory) is { } fault)
        {
            throw new UnsafeException(fault);
        }

        var link = Directory.EnumerateFileSystemEntries(directory, "chunkproxy*")
            .SelectMany(path => Directory.Exists(path) ? DiskTree.FoldersBelow(path).Prepend(path) : [path])
            .FirstOrDefault(path => new FileInfo(path).LinkTarget is not null);
        if (link is not null)
        {
            throw new UnsafeException($"{link} is a link");
        }
    }

    // A mistake of the operator, unlike a disk that fails.
    private sealed class UnsafeException(string message) : IOException(message);
}
