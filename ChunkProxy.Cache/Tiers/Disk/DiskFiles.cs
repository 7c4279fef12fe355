using System.IO.Enumeration;
using ChunkProxy.Cache.Security;
using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Files of the operating system.</summary>
internal sealed class DiskFiles : IDiskFiles
{
    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly PageCache _pageCache = new();
    private readonly DirectWrites _direct = new();

    // FileShare.Delete: on systems that enforce sharing, a file being read could not be evicted otherwise.
    public SafeFileHandle Open(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.None);

    public long LengthOf(SafeFileHandle file) => RandomAccess.GetLength(file);

    public int Read(SafeFileHandle file, Span<byte> destination, long offset)
    {
        var done = 0;
        while (done < destination.Length)
        {
            var count = RandomAccess.Read(file, destination[done..], offset + done);
            if (count == 0)
            {
                break;
            }

            done += count;
        }

        return done;
    }

    public int ReadCached(SafeFileHandle file, Span<byte> destination, long offset) => _pageCache.Read(file, destination, offset);

    public void Write(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        using var file = PrivateFile.Create(path);
        Write(file, parts);
    }

    public bool MayOverwrite(string path) => FileStatus.OfLinkOrFile(path) is { IsFile: true, Names: 1 };

    public void Overwrite(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        using var file = TryOpenAlone(path);
        if (file is null)
        {
            Write(path, parts);
            return;
        }

        Write(file, parts);
        var length = parts.Sum(part => (long)part.Length);
        if (RandomAccess.GetLength(file) != length)
        {
            RandomAccess.SetLength(file, length);
        }
    }

    public void Rename(string from, string to) => File.Move(from, to, overwrite: true);

    public void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // the file went with its directory
        }
    }

    // Owner-only access: the checksums detect accidents, and a user with write access could forge them.
    public void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public IEnumerable<DirectoryEntry> Walk(string directory) =>
        new FileSystemEnumerable<DirectoryEntry>(
            directory,
            static (ref entry) => IsLink(ref entry)
                ? new DirectoryEntry(entry.ToFullPath(), 0, IsDirectory: false) // a link is not the tier's file, whatever its target
                : new DirectoryEntry(entry.ToFullPath(), entry.IsDirectory ? 0 : entry.Length, entry.IsDirectory),
            Everything)
        {
            // A link may lead out of the tier's directory, and the scan deletes files that are not the tier's.
            ShouldRecursePredicate = static (ref entry) => !IsLink(ref entry),
        };

    private void Write(SafeFileHandle file, IReadOnlyList<ReadOnlyMemory<byte>> parts)
    {
        if (!_direct.TryWrite(file, parts))
        {
            RandomAccess.Write(file, parts, 0);
        }
    }

    // Null: somebody reads the file, or it cannot be written. .NET locks each file that it opens (flock).
    private static SafeFileHandle? TryOpenAlone(string path)
    {
        try
        {
            return PrivateFile.Open(path, FileMode.Open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
}
