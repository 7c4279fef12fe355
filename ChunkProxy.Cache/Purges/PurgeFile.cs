using ChunkProxy.Cache.Settings;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Purges;

/// <summary>Persists the ledger beside the disk tier, so that a restarted process knows which of its stored chunks were purged.</summary>
/// <remarks>
/// Each directory of the disk tier has a copy, so that no disk is needed to know what was purged on the others. The purges of all copies count: a disk
/// that was away lacks some. A process without a disk tier has no file, and no content that survives a restart.
/// </remarks>
internal sealed class PurgeFile(IOptions<CacheOptions> options, ILogger<PurgeFile> log)
{
    private readonly PurgeFileCopy[] _copies = options.Value.DiskBudget == 0
        ? []
        : [.. options.Value.Directories.Select(directory => new PurgeFileCopy(Path.Combine(directory, "chunkproxy.purges"), log))];

    /// <summary>Returns the stored purges and floor. Skips torn records.</summary>
    public (IReadOnlyList<Purge> Purges, long Floor) Read()
    {
        var read = _copies.Select(copy => copy.Read()).ToList();
        return read is [var only] ? only : ([.. read.SelectMany(copy => copy.Purges).Distinct().OrderBy(purge => purge.Stamp)], read.Select(copy => copy.Floor).DefaultIfEmpty().Max());
    }

    /// <summary>Appends purges. Returns when they are on the disks, or when writing failed.</summary>
    public void Append(IReadOnlyCollection<Purge> news, PurgeLedger ledger) => Array.ForEach(_copies, copy => copy.Append(news, ledger));
}
