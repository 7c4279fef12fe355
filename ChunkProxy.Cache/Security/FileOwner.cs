using System.Runtime.InteropServices;

namespace ChunkProxy.Cache.Security;

/// <summary>Checks who can write to a directory. Linux only.</summary>
internal static partial class FileOwner
{
    private const int OthersWrite = 0b010; // S_IWOTH
    private const uint Root = 0;

    /// <summary>Returns why another user can change files in the directory, or null if none can or the check is not possible.</summary>
    /// <param name="path">The directory. A link is followed.</param>
    public static string? FaultOf(string path) =>
        FileStatus.Of(path) is not { } status ? null
        : status.Owner != EffectiveUser() && status.Owner != Root ? $"{path} belongs to another user (uid {status.Owner})"
        : (status.Mode & OthersWrite) != 0 ? $"every user can write to {path}"
        : null;

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
