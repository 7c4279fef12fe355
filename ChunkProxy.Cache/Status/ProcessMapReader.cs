using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Popularity;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Status;

/// <summary>Reads the local map of an object. Sends no requests and counts no look-ups, so reading has no side effects.</summary>
internal sealed class ProcessMapReader(MemoryTier memory, FillTable fills, ObjectDirectory objects, HotObjects hot, IOptions<CacheOptions> options, DiskTier? disk = null)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <summary>Finds the latest version known here, fresh or not. Null when the object is unknown.</summary>
    public async ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, CancellationToken cancellationToken) =>
        objects.TryFindVersion(id, out var known) ? known
        : disk is null ? null
        : await disk.FindVersionAsync(id, _chunkSize, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads the map of a version.</summary>
    /// <exception cref="OperationCanceledException">The request ended.</exception>
    public ProcessMap Read(ObjectVersion version, CancellationToken cancellationToken)
    {
        var filling = fills.UnderWay.Where(fill => fill.Chunk.Version.IsSameVersionAs(version)).Select(fill => fill.Chunk.Index).ToHashSet();
        return new ProcessMap(
            version.Hash.ToString(),
            version.Token,
            version.Validator.Value,
            version.Size,
            version.Layout.ChunkSize,
            version.Layout.ChunkCount,
            ChunkRun.Join(States(version, filling, cancellationToken)),
            HeatOf(version.Id));
    }

    /// <summary>Returns which parts of an object, or of the segments of a playlist or below a folder, the clients of this process read most.</summary>
    public HeatFigures? HeatOf(ObjectId id) => HeatFigures.Of(hot.Named(id.Text));

    private IEnumerable<ChunkRun> States(ObjectVersion version, HashSet<long> filling, CancellationToken cancellationToken)
    {
        foreach (var index in Candidates(version, filling))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var key = version.Chunk(index).Key;
            var entry = memory.Peek(key);
            yield return new ChunkRun(
                index,
                Count: 1,
                entry is null ? MemoryPresence.None : entry.Buffer.Partial is null ? MemoryPresence.Whole : MemoryPresence.Part,
                disk?.Contains(key) ?? false,
                filling.Contains(index),
                entry?.Hits ?? 0);
        }
    }

    // The size of an object is what the origin claims. The cost follows the chunks that are here: an object with more chunks than that is read from them.
    private IEnumerable<long> Candidates(ObjectVersion version, HashSet<long> filling)
    {
        var count = version.Layout.ChunkCount;
        if (count <= (long)memory.Statistics.Chunks + (disk?.State.Files ?? 0) + filling.Count)
        {
            return Numbers(count);
        }

        var here = memory.Entries.Select(entry => entry.Key).Where(key => key.Version == version.Hash).Select(key => key.Index);
        return new SortedSet<long>([.. here, .. disk?.NumbersOf(version) ?? [], .. filling]);
    }

    private static IEnumerable<long> Numbers(long count)
    {
        for (var index = 0L; index < count; index++)
        {
            yield return index;
        }
    }
}
