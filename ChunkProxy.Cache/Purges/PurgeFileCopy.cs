using System.Buffers.Binary;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Purges;

/// <summary>The ledger in one directory of the disk tier.</summary>
/// <remarks>
/// A record of 32 bytes per purge: the object's hash (16), the stamp (8), XxHash3 of both (8); little-endian. Object 0 stands for
/// <see cref="PurgeLedger.Floor"/>. Unlike the tier's own files, this file is synced: a lost chunk can be fetched again, a lost purge cannot.
/// </remarks>
internal sealed class PurgeFileCopy(string path, ILogger log)
{
    private const int RecordSize = 32;
    private const int ChecksumAt = 24;

    private readonly GroupPurgeFile _groups = new(Path.ChangeExtension(path, ".groups"));
    private readonly Lock _gate = new();
    private long _records; // under _gate

    /// <summary>Returns the stored purges and floor. Skips torn records.</summary>
    public (IReadOnlyList<Purge> Purges, long Floor) Read()
    {
        lock (_gate)
        {
            var purges = new List<Purge>();
            var floor = 0L;
            foreach (var record in ReadRecords().Chunk(RecordSize))
            {
                if (!RecordChecksum.IsIntact(record, ChecksumAt))
                {
                    continue;
                }

                var purge = new Purge(BinaryPrimitives.ReadUInt128LittleEndian(record), BinaryPrimitives.ReadInt64LittleEndian(record.AsSpan(16)));
                if (purge.Object == 0)
                {
                    floor = Math.Max(floor, purge.Stamp);
                }
                else
                {
                    purges.Add(purge);
                }
            }

            var (groups, floorOfGroups) = ReadGroups();
            return ([.. purges, .. groups], Math.Max(floor, floorOfGroups));
        }
    }

    /// <summary>Appends purges. Returns when they are on the disk, or when writing failed.</summary>
    public void Append(IReadOnlyCollection<Purge> news, PurgeLedger ledger)
    {
        lock (_gate)
        {
            try
            {
                if (news.Any(purge => purge.IsOfSeveral))
                {
                    _groups.Write(ledger.Groups.All, ledger.Floor);
                }

                news = [.. news.Where(purge => !purge.IsOfSeveral)];
                if (_records + news.Count > (2 * ledger.Count) + RecordSize || !File.Exists(path))
                {
                    Rewrite(ledger);
                    return;
                }

                using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
                RandomAccess.Write(file, Encode(news), _records * RecordSize);
                RandomAccess.FlushToDisk(file);
                _records += news.Count;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                log.PurgesNotSaved(path, e.Message);
            }
        }
    }

    private (IReadOnlyCollection<Purge> Purges, long Floor) ReadGroups()
    {
        try
        {
            return _groups.Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.PurgesNotSaved(path, e.Message);
            return ([], 0);
        }
    }

    private byte[] ReadRecords()
    {
        try
        {
            var bytes = File.Exists(path) ? File.ReadAllBytes(path) : [];
            _records = bytes.Length / RecordSize; // a torn record at the end is overwritten
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.PurgesNotSaved(path, e.Message);
            return [];
        }
    }

    private void Rewrite(PurgeLedger ledger)
    {
        var all = ledger.After(0).Purges.Where(purge => !purge.IsOfSeveral).Append(new Purge(0, ledger.Floor)).ToList();
        PrivateFile.Replace(path, Encode(all));
        _records = all.Count;
    }

    private static byte[] Encode(IReadOnlyCollection<Purge> purges)
    {
        var bytes = new byte[purges.Count * RecordSize];
        var rest = bytes.AsSpan();
        foreach (var purge in purges)
        {
            BinaryPrimitives.WriteUInt128LittleEndian(rest, purge.Object);
            BinaryPrimitives.WriteInt64LittleEndian(rest[16..], purge.Stamp);
            RecordChecksum.Seal(rest[..RecordSize], ChecksumAt);
            rest = rest[RecordSize..];
        }

        return bytes;
    }
}
