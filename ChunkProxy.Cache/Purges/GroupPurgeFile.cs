using System.Globalization;
using System.IO.Hashing;
using System.Text;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Purges;

/// <summary>Persists the purges of several objects, beside the file of the others. Rewritten and synced as a whole: there are few.</summary>
/// <remarks>
/// One purge a line: XxHash3 of the rest of the line (16 hexadecimal digits), scope, stamp and path, separated by blanks.
/// A line with the scope <c>Floor</c> has <see cref="PurgeLedger.Floor"/>, because the purges that it stands for are no longer in the file.
/// </remarks>
internal sealed class GroupPurgeFile(string path)
{
    private const string FloorScope = "Floor";

    public string Path => path;

    /// <summary>Returns the stored purges and floor. Skips damaged lines.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public StoredPurges Read()
    {
        var (purges, floor) = (new List<Purge>(), 0L);
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (PartsOf(line) is not var (scope, stamp, named))
            {
                continue;
            }

            if (scope == FloorScope)
            {
                floor = Math.Max(floor, stamp);
            }
            else if (Enum.TryParse<PurgeScope>(scope, out var read) && Purge.OfSeveral(read, named, stamp) is { } purge)
            {
                purges.Add(purge);
            }
        }

        return new StoredPurges(purges, floor);
    }

    /// <summary>Replaces the file. Returns when it is on the disk.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(IReadOnlyCollection<Purge> purges, long floor) => PrivateFile.Replace(
        path, Encoding.UTF8.GetBytes(string.Concat(purges.Select(purge => LineOf(purge.Scope.ToString(), purge.Stamp, purge.Path!)).Append(LineOf(FloorScope, floor, "/")))));

    private static string LineOf(string scope, long stamp, string named)
    {
        var rest = string.Create(CultureInfo.InvariantCulture, $"{scope} {stamp} {named}");
        return $"{ChecksumOf(rest)} {rest}\n";
    }

    private static (string Scope, long Stamp, string Named)? PartsOf(string line) =>
        line.Split(' ', 2) is [var checksum, var rest] && checksum == ChecksumOf(rest)
        && rest.Split(' ', 3) is [var scope, var stamp, var named]
        && long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (scope, number, named)
            : null;

    private static string ChecksumOf(string rest) => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(rest)).ToString("x16", CultureInfo.InvariantCulture);
}
