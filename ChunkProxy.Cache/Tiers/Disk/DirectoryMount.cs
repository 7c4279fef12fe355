using ChunkProxy.Cache.Security;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Notices that the disk of a directory was unmounted: the directory, or what is left of its path, is then on the disk below.</summary>
/// <remarks>
/// Without this check the tier would create the directory again below the mount point, and fill the system's own disk. Another disk mounted at the same
/// place is accepted.
/// </remarks>
/// <param name="directory">Full path of the directory.</param>
/// <param name="deviceOf">Returns the device of an existing path; null if it is unknown or there is no such path.</param>
internal sealed class DirectoryMount(string directory, Func<string, ulong?> deviceOf)
{
    private HashSet<ulong>? _below; // devices of the directories above, other than the directory's own

    public DirectoryMount(string directory)
        : this(directory, FileStatus.DeviceOf)
    {
    }

    /// <summary>Remembers the devices at the first call. Later ones throw if the directory is on a device that was below its own.</summary>
    /// <exception cref="IOException">The disk is not mounted.</exception>
    public void Require()
    {
        var devices = Ancestors().Select(deviceOf).OfType<ulong>().ToList();
        if (devices is not [var own, ..])
        {
            return;
        }

        _below ??= [.. devices.Where(device => device != own)];
        if (_below.Contains(own))
        {
            throw new IOException("its disk is not mounted");
        }
    }

    // The directory and all above it, up to the root.
    private IEnumerable<string> Ancestors()
    {
        for (var path = directory; path is not null; path = Path.GetDirectoryName(path))
        {
            yield return path;
        }
    }
}
