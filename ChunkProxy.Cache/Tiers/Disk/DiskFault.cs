namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Separates disk faults from bugs, and describes faults for people.</summary>
internal static class DiskFault
{
    private const int EIO = 5;
    private const int ENOSPC = 28;
    private const int EROFS = 30;
    private const int EDQUOT = 122;

    public static bool IsOne(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>The file does not exist. This is not a disk fault.</summary>
    public static bool IsMissingFile(Exception exception) => exception is FileNotFoundException or DirectoryNotFoundException;

    // .NET stores errno of a failed system call in HResult.
    public static string Describe(Exception exception) => exception switch
    {
        { HResult: ENOSPC } => "no space left on the device",
        { HResult: EDQUOT } => "the disk quota is used up",
        { HResult: EROFS } => "the file system is read-only",
        { HResult: EIO } => "input/output error",
        UnauthorizedAccessException => "no permission",
        FileNotFoundException or DirectoryNotFoundException => "the directory is gone",
        _ => exception.Message,
    };
}
