using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Security;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.Disk;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges;

/// <summary>Persists the ledger beside the disk tier, so that a restarted process knows which of its stored chunks were purged.</summary>
/// <remarks>
/// Each directory of the disk tier has a copy, so that no disk is needed to know what was purged on the others. The purges of all copies count: a disk
/// that was away lacks some, which it gets at the start and with the next purge. A process without a disk tier has no file, and no content that
/// survives a restart.
/// </remarks>
internal sealed class PurgeFile
{
    private readonly PurgeFileCopy[] _copies;

    public PurgeFile(IOptions<CacheOptions> options, ILogger<PurgeFile> log)
        : this(options, log, FileStatus.DeviceOf)
    {
    }

    /// <param name="options">The directories.</param>
    /// <param name="log">Receives faults.</param>
    /// <param name="deviceOf">Returns the device of an existing path; null if it is unknown or there is no such path.</param>
    internal PurgeFile(IOptions<CacheOptions> options, ILogger<PurgeFile> log, Func<string, ulong?> deviceOf)
    {
        var directories = options.Value.DiskBudget == 0 ? [] : options.Value.Directories;
        _copies = [.. directories.Select(it => new PurgeFileCopy(it, directories.Count == 1 ? null : new DirectoryMount(it, deviceOf), deviceOf, log))];
    }

    /// <summary>Returns the stored purges and floor. Skips torn records. Completes the copies that lack some.</summary>
    public StoredPurges Read()
    {
        var read = _copies.Select(copy => copy.Read()).ToList();
        if (read is [var only])
        {
            return only;
        }

        var floor = read.Select(copy => copy.Floor).DefaultIfEmpty().Max();
        var stamps = read.Select(copy => LatestOf(copy.Purges)).ToList();
        var all = LatestOf(read.SelectMany(copy => copy.Purges));
        for (var i = 0; i < _copies.Length; i++)
        {
            if (read[i].Floor < floor || all.Any(it => !stamps[i].TryGetValue(it.Key, out var known) || known.Stamp < it.Value.Stamp))
            {
                _copies[i].Replace(all.Values, floor);
            }
        }

        return new StoredPurges([.. all.Values.OrderBy(purge => purge.Stamp)], floor);
    }

    /// <summary>Appends purges. Returns when they are on the disks, or when writing failed.</summary>
    public void Append(IReadOnlyCollection<Purge> news, PurgeLedger ledger) => Array.ForEach(_copies, copy => copy.Append(news, ledger));

    private static Dictionary<Hash128, Purge> LatestOf(IEnumerable<Purge> purges)
    {
        var latest = new Dictionary<Hash128, Purge>();
        foreach (var purge in purges)
        {
            if (!latest.TryGetValue(purge.Object, out var known) || known.Stamp < purge.Stamp)
            {
                latest[purge.Object] = purge;
            }
        }

        return latest;
    }
}
