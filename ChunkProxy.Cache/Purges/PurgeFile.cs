using System.Buffers.Binary;
using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Telemetry;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges;

/// <summary>Persists the ledger beside the disk tier, so that a restarted process knows which of its stored chunks were purged.</summary>
/// <remarks>
/// A record of 32 bytes per purge: the object's hash (16), the stamp (8), XxHash3 of both (8); little-endian. Object 0 stands for
/// <see cref="PurgeLedger.Floor"/>. Unlike the tier's own files, this file is synced: a lost chunk can be fetched again, a lost purge cannot. A
/// process without a disk tier has no file, and no content that survives a restart.
/// </remarks>
internal sealed class PurgeFile
{
    private const int RecordSize = 32;
    private const int ChecksumAt = 24;

    private readonly string? _path;
    private readonly GroupPurgeFile? _groups;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private long _records; // under _gate

    public PurgeFile(IOptions<CacheOptions> options, ILogger<PurgeFile> log)
    {
        _path = options.Value.DiskBudget == 0 ? null : Path.Combine(Path.GetFullPath(options.Value.Dir), "chunkproxy.purges");
        _groups = _path is null ? null : new GroupPurgeFile(Path.ChangeExtension(_path, ".groups"));
        _log = log;
    }

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
        if (_path is null)
        {
            return;
        }

        lock (_gate)
        {
            try
            {
                if (news.Any(purge => purge.IsOfSeveral))
                {
                    _groups!.Write(ledger.Groups.All, ledger.Floor);
                }

                news = [.. news.Where(purge => !purge.IsOfSeveral)];
                if (_records + news.Count > (2 * ledger.Count) + RecordSize || !File.Exists(_path))
                {
                    Rewrite(ledger);
                    return;
                }

                using var file = File.OpenHandle(_path, FileMode.Open, FileAccess.Write);
                RandomAccess.Write(file, Encode(news), _records * RecordSize);
                RandomAccess.FlushToDisk(file);
                _records += news.Count;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _log.PurgesNotSaved(_path, e.Message);
            }
        }
    }

    private (IReadOnlyCollection<Purge> Purges, long Floor) ReadGroups()
    {
        try
        {
            return _groups?.Read() ?? ([], 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.PurgesNotSaved(_path!, e.Message);
            return ([], 0);
        }
    }

    private byte[] ReadRecords()
    {
        try
        {
            var bytes = _path is not null && File.Exists(_path) ? File.ReadAllBytes(_path) : [];
            _records = bytes.Length / RecordSize; // a torn record at the end is overwritten
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _log.PurgesNotSaved(_path!, e.Message);
            return [];
        }
    }

    private void Rewrite(PurgeLedger ledger)
    {
        var all = ledger.After(0).Purges.Where(purge => !purge.IsOfSeveral).Append(new Purge(0, ledger.Floor)).ToList();
        PrivateFile.Replace(_path!, Encode(all));
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
