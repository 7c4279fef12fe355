using System.Buffers;
using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>File names of the disk tier. Names consist of hashes, never of text that a client sent.</summary>
/// <remarks>
/// <c>chunkproxy-1/7/f/7f…-000000000000002a.chunk</c>: hash of the version and index of the chunk. All chunks of a version are in one
/// directory, so one listing finds them. At 100,000 files, 16 × 16 directories hold 400 files each and take 1 MiB themselves.
/// The number in the root's name is the format version: each format has its own root.
/// </remarks>
internal sealed class DiskTree(string directory)
{
    private const long RecordIndex = -1;
    private const int HashLength = 32;
    private const int IndexLength = 16;
    private const string ChunkSuffix = ".chunk";
    private const string RecordSuffix = ".version";
    private const string TemporarySuffix = ".tmp";

    private const string HexDigits = "0123456789abcdef";

    private static readonly SearchValues<char> Digits = SearchValues.Create(HexDigits);

    public string Directory { get; } = Path.GetFullPath(directory);

    public string LockFile => Path.Combine(Directory, "chunkproxy.lock");

    /// <summary>Everything below the root belongs to the tier. The scan deletes files that the tier did not write.</summary>
    public string Root { get; } = Path.Combine(Path.GetFullPath(directory), "chunkproxy-1");

    /// <summary>Index key of an object's version record. Its index is one that no chunk has.</summary>
    public static ChunkKey RecordKey(ObjectId id) => RecordKey(id.Hash);

    /// <inheritdoc cref="RecordKey(ObjectId)"/>
    /// <param name="hash">Hash of the object's name.</param>
    public static ChunkKey RecordKey(Hash128 hash) => new(hash, RecordIndex);

    public static bool IsRecord(ChunkKey key) => key.Index == RecordIndex;

    /// <summary>Returns the folders that files are in: <c>7</c> and <c>7/f</c> below the root, whether they exist or not.</summary>
    public static IEnumerable<string> FoldersBelow(string root)
    {
        foreach (var outer in HexDigits)
        {
            yield return Path.Combine(root, $"{outer}");
            foreach (var inner in HexDigits)
            {
                yield return Path.Combine(root, $"{outer}", $"{inner}");
            }
        }
    }

    /// <summary>Returns where a file is written before it gets its name: in its own directory, so that a rename is atomic.</summary>
    /// <remarks>
    /// Not in a directory for all of them. ext4 places a file near the directory in which it is created, and does not use the place of a deleted file
    /// for a minute: in one place, it searches longer for a free one than it takes to write the file.
    /// </remarks>
    public string TemporaryPath(ChunkKey key, long number) =>
        Path.Combine(DirectoriesOf(key).Inner, string.Create(CultureInfo.InvariantCulture, $"{number}{TemporarySuffix}"));

    /// <summary>Returns whether a file below the root was being written when the process ended.</summary>
    public static bool IsTemporary(ReadOnlySpan<char> path) => path.EndsWith(TemporarySuffix, StringComparison.Ordinal);

    public (string Outer, string Inner) DirectoriesOf(ChunkKey key)
    {
        var hash = key.Version.ToString();
        var outer = Path.Combine(Root, hash[..1]);
        return (outer, Path.Combine(outer, hash.Substring(1, 1)));
    }

    public string PathOf(ChunkKey key)
    {
        var hash = key.Version.ToString();
        var name = key.Index == RecordIndex
            ? hash + RecordSuffix
            : string.Create(CultureInfo.InvariantCulture, $"{hash}-{key.Index:x16}{ChunkSuffix}");
        return Path.Combine(Root, hash[..1], hash.Substring(1, 1), name);
    }

    /// <summary>Parses a path into the key of a chunk or record. Returns false for a path that the tier would not have written.</summary>
    /// <remarks>Allocates nothing: the scan parses every path. Each key has exactly one path, so upper-case digits are not accepted.</remarks>
    public bool TryParse(ReadOnlySpan<char> path, out ChunkKey key)
    {
        key = default;
        var name = Path.GetFileName(path);
        if (name.Length < HashLength || !TryParseHex(name[..HashLength], out var hash) || !IsDirectoryOf(path[..^name.Length], name))
        {
            return false;
        }

        var rest = name[HashLength..];
        var index = RecordIndex;
        if (!rest.SequenceEqual(RecordSuffix)
            && !(rest.Length == 1 + IndexLength + ChunkSuffix.Length && rest[0] == '-' && rest.EndsWith(ChunkSuffix, StringComparison.Ordinal)
                && TryParseHex(rest.Slice(1, IndexLength), out var number) && (index = (long)number.Low) >= 0))
        {
            return false;
        }

        key = new ChunkKey(hash, index);
        return true;
    }

    private static bool TryParseHex(ReadOnlySpan<char> digits, out Hash128 hash)
    {
        hash = default;
        return !digits.ContainsAnyExcept(Digits) && Hash128.TryParse(digits, out hash);
    }

    // Root/7/f/ for a name that begins with 7f.
    private bool IsDirectoryOf(ReadOnlySpan<char> directory, ReadOnlySpan<char> name) =>
        directory.Length == Root.Length + 5
        && directory.StartsWith(Root, StringComparison.Ordinal)
        && directory[^5..].SequenceEqual([Path.DirectorySeparatorChar, name[0], Path.DirectorySeparatorChar, name[1], Path.DirectorySeparatorChar]);
}
