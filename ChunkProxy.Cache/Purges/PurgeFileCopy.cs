using System.Buffers.Binary;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Purges;

/// <summary>The ledger in one directory of the disk tier.</summary>
/// <remarks>
/// A record of 32 bytes per purge: the object's hash (16), the stamp (8), XxHash3 of both (8); little-endian. Object 0 stands for
/// <see cref="PurgeLedger.Floor"/>. Unlike the tier's own files, this file is synced: a lost chunk can be fetched again, a lost purge cannot.
/// <para>
/// A copy that may lack purges is behind, and the next write replaces it: after a fault, and when another disk is mounted below the directory, which
/// has a file of its own. The directory is never created here: while its disk is not mounted, it would be created on the file system below.
/// </para>
/// </remarks>
/// <param name="directory">Full path of the directory.</param>
/// <param name="mount">Checks that the disk is mounted; null: no check.</param>
/// <param name="deviceOf">Returns the device of an existing path; null if it is unknown or there is no such path.</param>
/// <param name="log">Receives faults.</param>
internal sealed class PurgeFileCopy(string directory, DirectoryMount? mount, Func<string, ulong?> deviceOf, ILogger log)
{
    private const int RecordSize = 32;
    private const int ChecksumAt = 24;

    private readonly string _path = Path.Combine(directory, "chunkproxy.purges");
    private readonly GroupPurgeFile _groups = new(Path.Combine(directory, "chunkproxy.groups"));
    private readonly Lock _gate = new();
    private long _records; // under _gate
    private ulong? _device; // under _gate; of the files that were last read or written
    private bool _isBehind; // under _gate

    /// <summary>Returns the stored purges and floor. Skips torn records.</summary>
    public StoredPurges Read()
    {
        lock (_gate)
        {
            var (purges, floor) = (new List<Purge>(), 0L);
            TryUse(() =>
            {
                _device = deviceOf(directory);
                floor = ReadRecords(purges);
            });
            TryUse(() =>
            {
                var (groups, floorOfGroups) = _groups.Read();
                purges.AddRange(groups);
                floor = Math.Max(floor, floorOfGroups);
            });
            return new StoredPurges(purges, floor);
        }
    }

    /// <summary>Replaces the content. Returns when it is on the disk, or when writing failed.</summary>
    /// <param name="all">Of several purges with the same object, the last one counts.</param>
    /// <param name="floor">See <see cref="PurgeLedger.Floor"/>.</param>
    public void Replace(IReadOnlyCollection<Purge> all, long floor)
    {
        lock (_gate)
        {
            TryUse(() => Rewrite(all, floor));
        }
    }

    /// <summary>Appends purges. Returns when they are on the disk, or when writing failed.</summary>
    public void Append(IReadOnlyCollection<Purge> news, PurgeLedger ledger)
    {
        lock (_gate)
        {
            TryUse(() =>
            {
                var single = news.Where(purge => !purge.IsOfSeveral).ToList();
                if (_isBehind || deviceOf(directory) != _device || _records + single.Count > (2 * ledger.Count) + RecordSize || !File.Exists(_path))
                {
                    Rewrite(ledger.After(0).Purges, ledger.Floor);
                    return;
                }

                if (single.Count < news.Count)
                {
                    _groups.Write(ledger.Groups.All, ledger.Floor);
                }

                using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
                RandomAccess.Write(file, Encode(single), _records * RecordSize);
                RandomAccess.FlushToDisk(file);
                _records += single.Count;
            });
        }
    }

    // Under _gate.
    private void TryUse(Action work)
    {
        try
        {
            mount?.Require();
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isBehind = true;
            log.PurgesNotSaved(_path, e.Message);
        }
    }

    // Adds the records to the purges, and returns the floor.
    private long ReadRecords(List<Purge> purges)
    {
        var bytes = File.Exists(_path) ? File.ReadAllBytes(_path) : [];
        _records = bytes.Length / RecordSize; // a torn record at the end is overwritten
        var floor = 0L;
        foreach (var record in bytes.Chunk(RecordSize))
        {
            if (!RecordChecksum.IsIntact(record, ChecksumAt))
            {
                continue;
            }

            var purge = new Purge(Hash128.ReadLittleEndian(record), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(16)));
            if (purge.Object == 0)
            {
                floor = Math.Max(floor, purge.Stamp);
            }
            else
            {
                purges.Add(purge);
            }
        }

        return floor;
    }

    private void Rewrite(IReadOnlyCollection<Purge> all, long floor)
    {
        _isBehind = true; // until both files are complete
        _device = deviceOf(directory);
        List<Purge> groups = [.. all.Where(purge => purge.IsOfSeveral)];
        if (groups is not [] || File.Exists(_groups.Path))
        {
            _groups.Write(groups, floor);
        }

        List<Purge> single = [.. all.Where(purge => !purge.IsOfSeveral), new Purge(0, floor)];
        PrivateFile.Replace(_path, Encode(single));
        _records = single.Count;
        _isBehind = false;
    }

    private static byte[] Encode(List<Purge> purges)
    {
        var bytes = new byte[purges.Count * RecordSize];
        var rest = bytes.AsSpan();
        foreach (var purge in purges)
        {
            purge.Object.WriteLittleEndian(rest);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], purge.Stamp);
            RecordChecksum.Seal(rest[..RecordSize], ChecksumAt);
            rest = rest[RecordSize..];
        }

        return bytes;
    }
}
