namespace ChunkProxy.Cache.Settings;

/// <summary>Finds out before the start what the disk tier would meet later.</summary>
/// <remarks>A disk that fails while the process runs costs speed only. One that never worked is a mistake, and is said at once.</remarks>
internal static class CacheDirectory
{
    /// <exception cref="StartException">The directory cannot be made or written to.</exception>
    public static void EnsureUsable(CacheOptions options)
    {
        if (options.DiskBudget == 0)
        {
            return;
        }

        try
        {
            Directory.CreateDirectory(options.Dir);
            using var probe = File.Create(
                Path.Combine(options.Dir, Path.GetRandomFileName()), bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{CacheOptions.Section}:{nameof(CacheOptions.Dir)}: cannot be used: {e.Message}", e);
        }
    }
}
