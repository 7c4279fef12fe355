using System.Globalization;
using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Tiers.Disk;

/// <summary>Names the files of the disk tier. Names are made of hashes only, never of what a client sent.</summary>
/// <remarks>
/// <c>chunkproxy-1/7/f/7f…-000000000000002a.chunk</c>: the version's hash and the chunk's number. All chunks of a version are in one
/// directory, so a version is forgotten by one listing. 16 × 16 directories hold 400 files each at 100,000 and take 1 MiB themselves.
/// The number in the root's name is the format's: another format has another root.
/// </remarks>
internal sealed class DiskTree(string directory)
{
    private const long RecordIndex = -1;
    private const string ChunkSuffix = ".chunk";
    private const string RecordSuffix = ".version";

    public string Directory { get; } = Path.GetFullPath(directory);

    public string LockFile => Path.Combine(Directory, "chunkproxy.lock");

    /// <summary>Everything below belongs to the tier, and what it did not write there it deletes.</summary>
    public string Root { get; } = Path.Combine(Path.GetFullPath(directory), "chunkproxy-1");

    /// <summary>On the same file system as the files' final places, so that a rename is atomic.</summary>
    public string Temporary => Path.Combine(Root, "tmp");

    /// <summary>The record of an object's version stands in the index beside the chunks, under a number that no chunk has.</summary>
    public static ChunkKey RecordKey(ObjectId id) => new(id.Hash, RecordIndex);

    public static bool IsRecord(ChunkKey key) => key.Index == RecordIndex;

    public string TemporaryPath(long number) => Path.Combine(Temporary, string.Create(CultureInfo.InvariantCulture, $"{number}.tmp"));

    public bool IsTemporary(string path) => string.Equals(Path.GetDirectoryName(path), Temporary, StringComparison.Ordinal);

    public (string Outer, string Inner) DirectoriesOf(ChunkKey key)
    {
        var hash = Hex(key.Version);
        var outer = Path.Combine(Root, hash[..1]);
        return (outer, Path.Combine(outer, hash.Substring(1, 1)));
    }

    public string PathOf(ChunkKey key)
    {
        var hash = Hex(key.Version);
        var name = key.Index == RecordIndex
            ? hash + RecordSuffix
            : string.Create(CultureInfo.InvariantCulture, $"{hash}-{key.Index:x16}{ChunkSuffix}");
        return Path.Combine(Root, hash[..1], hash.Substring(1, 1), name);
    }

    /// <summary>Which chunk or record a file is by its name and place; false if the tier would not have put it there.</summary>
    public bool TryParse(string path, out ChunkKey key)
    {
        key = default;
        var name = Path.GetFileName(path.AsSpan());
        if (name.Length < 32 || !UInt128.TryParse(name[..32], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hash))
        {
            return false;
        }

        var index = RecordIndex;
        if (name.EndsWith(ChunkSuffix, StringComparison.Ordinal)
            && (name.Length != 32 + 1 + 16 + ChunkSuffix.Length
                || !long.TryParse(name.Slice(33, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out index)
                || index < 0))
        {
            return false;
        }

        key = new ChunkKey(hash, index);
        return string.Equals(PathOf(key), path, StringComparison.Ordinal); // there is one spelling of each name
    }

    private static string Hex(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);
}
