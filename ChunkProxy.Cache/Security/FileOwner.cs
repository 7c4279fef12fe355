using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Security;

/// <summary>Checks who can write to a directory. Linux only: .NET has no API for a file's owner.</summary>
internal static unsafe partial class FileOwner
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint Basic = 0x7ff; // STATX_BASIC_STATS
    private const int OthersWrite = 0b010; // S_IWOTH
    private const int UidAt = 20;
    private const int ModeAt = 28;
    private const int StatxSize = 256;
    private const uint Root = 0;

    /// <summary>Returns why another user can change files in the directory, or null if none can or the check is not possible.</summary>
    /// <param name="path">The directory. A link is followed.</param>
    public static string? FaultOf(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        var status = stackalloc byte[StatxSize]; // struct statx, the same on every architecture
        if (Status(CurrentDirectory, path, 0, Basic, status) != 0)
        {
            return null;
        }

        var owner = *(uint*)(status + UidAt);
        var mode = *(ushort*)(status + ModeAt);
        return owner != EffectiveUser() && owner != Root ? $"{path} belongs to another user (uid {owner})"
            : (mode & OthersWrite) != 0 ? $"every user can write to {path}"
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
