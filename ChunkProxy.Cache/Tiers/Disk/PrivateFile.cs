using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Opens files that only the current user can read and write.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens or creates a file. No other user can open a file that this creates.</summary>
    [SuppressMessage("Usage", "CA1816", Justification = "Only a FileStream takes the mode of a new file; its handle goes on without it.")]
    public static SafeFileHandle Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
        {
            options.UnixCreateMode = OwnerOnly;
        }

        var stream = new FileStream(path, options);
        GC.SuppressFinalize(stream); // the handle outlives the stream
        var handle = stream.SafeFileHandle;
        if (!OperatingSystem.IsWindows() && mode is FileMode.OpenOrCreate && File.GetUnixFileMode(handle) is not OwnerOnly)
        {
            File.SetUnixFileMode(handle, OwnerOnly); // created by somebody else, such as a backup that was restored
        }

        return handle;
    }

    /// <summary>Replaces the content of a file, whole or not at all. Returns when it is on the disk.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + ".tmp";
        using (var file = Create(temporary))
        {
            RandomAccess.Write(file, content, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Creates a new file. An existing file or link of that name is deleted first; the link is not followed.</summary>
    public static SafeFileHandle Create(string path)
    {
        try
        {
            return Open(path, FileMode.CreateNew);
        }
        catch (IOException) when (new FileInfo(path) is { } there && (there.Exists || there.LinkTarget is not null))
        {
            File.Delete(path);
            return Open(path, FileMode.CreateNew);
        }
    }
}
