using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Exclusive lock of one process on a cache directory. The operating system releases it when the process ends for any reason.</summary>
internal sealed class DirectoryLock : IDisposable
{
    // EWOULDBLOCK of flock(2) on Linux and on macOS, and ERROR_SHARING_VIOLATION.
    private static readonly int[] HeldByAnother = [11, 35, unchecked((int)0x80070020)];

    private readonly SafeFileHandle _file;

    private DirectoryLock(SafeFileHandle file) => _file = file;

    /// <exception cref="DirectoryInUseException">Another process holds the lock.</exception>
    /// <exception cref="IOException">The lock file cannot be created or opened.</exception>
    public static DirectoryLock Acquire(DiskTree tree)
    {
        try
        {
            return new DirectoryLock(Open(tree.LockFile));
        }
        catch (IOException e) when (HeldByAnother.Contains(e.HResult))
        {
            throw new DirectoryInUseException(tree.Directory, e);
        }
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle Open(string path)
    {
        try
        {
            return PrivateFile.Open(path, FileMode.OpenOrCreate); // private: a user who can open the file can lock it
        }
        catch (Exception e) when (DiskFault.IsOne(e) && !HeldByAnother.Contains(e.HResult) && File.Exists(path))
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.None); // a read-only disk can still serve reads
        }
    }
}
