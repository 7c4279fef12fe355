using Microsoft.Win32.SafeHandles;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>The file operations of the disk tier, all blocking but <see cref="ReadCached"/>. The seam at which tests make a disk fail.</summary>
internal interface IDiskFiles
{
    SafeFileHandle Open(string path);

    long LengthOf(SafeFileHandle file);

    /// <summary>Returns fewer bytes than asked for only at the file's end.</summary>
    int Read(SafeFileHandle file, Span<byte> destination, long offset);

    /// <summary>Like <see cref="Read"/>, but brings only what is to be had without waiting for the disk, if anything.</summary>
    int ReadCached(SafeFileHandle file, Span<byte> destination, long offset);

    /// <summary>Makes a new file of the parts, one after the other.</summary>
    void Write(string path, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>Gives the file another name, in place of what had that name: at no moment is there none or half of one.</summary>
    void Rename(string from, string to);

    /// <summary>A file that is not there is no fault.</summary>
    void Delete(string path);

    void CreateDirectory(string path);

    /// <summary>Everything below a directory, one by one as it is found.</summary>
    IEnumerable<DirectoryEntry> Walk(string directory);
}
