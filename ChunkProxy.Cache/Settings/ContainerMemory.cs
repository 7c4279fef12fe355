using System.Globalization;

namespace ChunkProxy.Cache.Settings;

/// <summary>Reads the memory limit that the kernel sets for this process's control group (cgroup v1 and v2).</summary>
/// <remarks>
/// The runtime knows the limit too, but reports what it leaves for managed memory, and the cache's memory is not managed.
/// </remarks>
internal static class ContainerMemory
{
    private const string Mount = "sys/fs/cgroup";

    /// <summary>Returns the limit in bytes; null if there is none.</summary>
    /// <param name="root">The root directory, <c>/</c> except in tests.</param>
    public static long? LimitOf(string root = "/")
    {
        long? least = null;
        foreach (var file in Files(root))
        {
            // v2 writes "max", and v1 a number near 2^63, if there is no limit.
            if (TryRead(file) is { } text && long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 && limit < long.MaxValue / 2)
            {
                least = Math.Min(least ?? limit, limit);
            }
        }

        return least;
    }

    // A group is limited by its ancestors too. In a container the path may be that of the host, which is not visible there; the root is then this group.
    private static IEnumerable<string> Files(string root)
    {
        foreach (var line in (TryRead(Path.Combine(root, "proc/self/cgroup")) ?? "").Split('\n'))
        {
            if (line.Split(':', 3) is not [_, var controllers, var path])
            {
                continue;
            }

            var isOne = controllers.Split(',').Contains("memory", StringComparer.Ordinal);
            if (!isOne && controllers.Length > 0)
            {
                continue;
            }

            var (mount, name) = isOne ? (Path.Combine(root, Mount, "memory"), "memory.limit_in_bytes") : (Path.Combine(root, Mount), "memory.max");
            for (var group = path.Trim('/'); ; group = Path.GetDirectoryName(group) ?? "")
            {
                yield return Path.Combine(mount, group, name);
                if (group.Length == 0)
                {
                    break;
                }
            }
        }
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path) : null; // the root of a machine has no limit, and an exception takes milliseconds
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
