using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Settings;

/// <summary>Checks the cache directory before the start.</summary>
/// <remarks>A disk that fails at run time costs speed only. A directory that is unusable at the start is a mistake, which ends it.</remarks>
internal static class CacheDirectory
{
    /// <exception cref="StartException">The directory cannot be created or written to, or other users can write to it.</exception>
    public static void EnsureUsable(CacheOptions options)
    {
        if (options.DiskBudget == 0)
        {
            return;
        }

        try
        {
            MakePrivate(options.Dir);
            RequireSafe(options.Dir);
            using var probe = File.Create(
                Path.Combine(options.Dir, Path.GetRandomFileName()), bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{CacheOptions.Section}:{nameof(CacheOptions.Dir)}: cannot be used: {e.Message}", e);
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
            throw new IOException(fault);
        }

        var link = Directory.EnumerateFileSystemEntries(directory, "chunkproxy*")
            .SelectMany(path => new[] { path, Path.Combine(path, "tmp") })
            .FirstOrDefault(path => new FileInfo(path).LinkTarget is not null);
        if (link is not null)
        {
            throw new IOException($"{link} is a link");
        }
    }
}
