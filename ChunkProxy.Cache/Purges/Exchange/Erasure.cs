using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Purges.Exchange;

/// <summary>Purges whose content is not served any more, and whose files and values in Redis are still to be deleted.</summary>
/// <param name="purges">The purges.</param>
/// <param name="versions">Hashes of purged versions, whose chunks in Redis are to be deleted.</param>
/// <param name="chunks">The chunks that memory had, with the keys of their purges: a chunk that is on disk too counts once.</param>
internal sealed class Erasure(
    IReadOnlyCollection<Purge> purges, IReadOnlyCollection<Hash128> versions, IReadOnlyCollection<(Hash128 Purge, ChunkKey Key, long Bytes)> chunks)
{
    // Most chunks that are remembered for the figures, of some 50 bytes. Beyond, the figures are too low.
    private const int ChunksKept = 256 * 1024;

    private readonly List<Purge> _purges = [.. purges];
    private readonly HashSet<Hash128> _versions = [.. versions];
    private readonly List<(Hash128 Purge, ChunkKey Key, long Bytes)> _chunks = [.. chunks];

    public static Erasure Nothing() => new([], [], []);

    public IReadOnlyList<Purge> Purges => _purges;

    public HashSet<Hash128> Versions => _versions;

    public IReadOnlyList<(Hash128 Purge, ChunkKey Key, long Bytes)> Chunks => _chunks;

    /// <summary>Adds a later one, so that both need one search of the files.</summary>
    public void Add(Erasure later)
    {
        _purges.AddRange(later._purges);
        _versions.UnionWith(later._versions);
        _chunks.AddRange(later._chunks.Take(ChunksKept - _chunks.Count));
    }
}
