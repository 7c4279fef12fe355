using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Fills;
using ChunkProxy.Cache.Objects;
using ChunkProxy.Cache.Settings;
using ChunkProxy.Cache.Tiers.Disk;
using ChunkProxy.Cache.Tiers.Memory;
using Microsoft.Extensions.Options;

namespace ChunkProxy.Cache.Status;

/// <summary>Reads the local map of an object. Sends no requests and counts no look-ups, so reading has no side effects.</summary>
internal sealed class ProcessMapReader(MemoryTier memory, FillTable fills, ObjectDirectory objects, IOptions<CacheOptions> options, DiskTier? disk = null)
{
    private readonly int _chunkSize = (int)options.Value.ChunkSize;

    /// <summary>Finds the latest version known here, fresh or not. Null when the object is unknown.</summary>
    public async ValueTask<ObjectVersion?> FindVersionAsync(ObjectId id, CancellationToken cancellationToken) =>
        objects.TryFindVersion(id, out var known) ? known
        : disk is null ? null
        : await disk.FindVersionAsync(id, _chunkSize, cancellationToken).ConfigureAwait(false);

    public ProcessMap Read(ObjectVersion version)
    {
        var filling = fills.UnderWay.Where(fill => fill.Chunk.Version.IsSameVersionAs(version)).Select(fill => fill.Chunk.Index).ToHashSet();
        return new ProcessMap(
            version.Hash.ToString("x32", null),
            version.Token,
            version.Validator.Value,
            version.Size,
            version.Layout.ChunkSize,
            version.Layout.ChunkCount,
            ChunkRun.Join(States(version, filling)));
    }

    private IEnumerable<ChunkRun> States(ObjectVersion version, HashSet<long> filling)
    {
        for (var index = 0L; index < version.Layout.ChunkCount; index++)
        {
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
}
