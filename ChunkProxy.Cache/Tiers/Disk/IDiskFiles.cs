using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>File operations of the disk tier. All block except <see cref="ReadCached"/>. Tests inject disk faults here.</summary>
internal interface IDiskFiles
{
    SafeFileHandle Open(string path);

    long LengthOf(SafeFileHandle file);

    /// <summary>Returns fewer bytes than requested only at the end of the file.</summary>
    int Read(SafeFileHandle file, Span<byte> destination, long offset);

    /// <summary>Like <see cref="Read"/>, but returns only bytes that are available without waiting for the disk, possibly none.</summary>
    int ReadCached(SafeFileHandle file, Span<byte> destination, long offset);

    /// <summary>Creates a new file from the concatenated parts.</summary>
    void Write(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>Whether the file may get other bytes (<see cref="Overwrite"/>): it is no link, and has no other name. False if that is not known.</summary>
    bool MayOverwrite(string path);

    /// <summary>
    /// Replaces the bytes of an existing file with the concatenated parts. The file keeps its blocks on disk, unless somebody reads it or it cannot be written: then
    /// it is replaced by a new one.
    /// </summary>
    void Overwrite(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>Renames a file atomically, replacing any file at the target: the target never is missing or incomplete.</summary>
    void Rename(string from, string to);

    /// <summary>Deletes a file. A missing file is no error.</summary>
    void Delete(string path);

    void CreateDirectory(string path);

    /// <summary>Walks everything below a directory lazily.</summary>
    IEnumerable<DirectoryEntry> Walk(string directory);
}
