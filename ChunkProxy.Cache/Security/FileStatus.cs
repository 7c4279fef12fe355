using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Security;

/// <summary>What the operating system knows about a file or directory. Linux only: .NET has no API for owner and device.</summary>
/// <param name="Owner">User id.</param>
/// <param name="Mode">Type and permissions.</param>
/// <param name="Device">The file system.</param>
/// <param name="Names">Number of names that the file has (hard links).</param>
internal readonly unsafe partial record struct FileStatus(uint Owner, ushort Mode, ulong Device, uint Names)
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint Basic = 0x7ff; // STATX_BASIC_STATS
    private const int TypeBits = 0xf000; // S_IFMT
    private const int RegularFile = 0x8000; // S_IFREG
    private const int NamesAt = 16;
    private const int UidAt = 20;
    private const int ModeAt = 28;
    private const int DeviceMajorAt = 136;
    private const int DeviceMinorAt = 140;
    private const int StatxSize = 256;

    /// <summary>Whether it is a file: no directory, link or device.</summary>
    public bool IsFile => (Mode & TypeBits) == RegularFile;

    /// <summary>Returns null if there is no such path, or the system does not say.</summary>
    /// <param name="path">A link is followed.</param>
    public static FileStatus? Of(string path) => Of(path, 0);

    /// <inheritdoc cref="Of(string)"/>
    /// <param name="path">A link is not followed.</param>
    public static FileStatus? OfLinkOrFile(string path) => Of(path, NoFollow);

    /// <summary>Returns the device of a path; null if there is no such path, or the system does not say.</summary>
    public static ulong? DeviceOf(string path) => Of(path)?.Device;

    private static FileStatus? Of(string path, int flags)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = stackalloc byte[StatxSize]; // struct statx, the same on every architecture
        return Status(CurrentDirectory, path, flags, Basic, status) != 0
            ? null
            : new FileStatus(
                *(uint*)(status + UidAt),
                *(ushort*)(status + ModeAt),
                ((ulong)*(uint*)(status + DeviceMajorAt) << 32) | *(uint*)(status + DeviceMinorAt),
                *(uint*)(status + NamesAt));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, byte* status);
}
