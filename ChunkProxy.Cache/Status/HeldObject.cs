using ChunkProxy.Cache.Chunks;

namespace ChunkProxy.Cache.Status;

/// <summary>An object with chunks in a process's memory, or all segments of one film (HLS, DASH) together.</summary>
/// <param name="Path">Path and query of the object; of segments: their folder, as <c>/film/</c>.</param>
/// <param name="SizeBytes">Size of the object; of segments: sum of those with chunks in the memory of one member, the largest such sum.</param>
/// <param name="CachedChunks">Chunks in memory.</param>
/// <param name="Hits">Popularity: sum of the recent hits of its chunks, as the eviction policy counts them.</param>
/// <param name="Segments">Segments with chunks in the memory of one member, the largest such number; 0: this is a single object.</param>
internal sealed record HeldObject(string Path, long SizeBytes, long CachedChunks, long Hits, long Segments = 0)
{
    /// <summary>Combines the segments of each film in a process's memory; other objects stay as they are.</summary>
    public static IEnumerable<HeldObject> Combine(IEnumerable<HeldObject> objects)
    {
        var byFolder = objects.ToLookup(static held => FolderOfSegment(held.Path));
        return byFolder[null].Concat(byFolder.Where(static segments => segments.Key is not null).Select(static segments => new HeldObject(
            segments.Key!, segments.Sum(it => it.SizeBytes), segments.Sum(it => it.CachedChunks), segments.Sum(it => it.Hits), segments.LongCount())));
    }

    /// <summary>Adds up what members have in memory. A chunk counts once per member that has it.</summary>
    public static IEnumerable<HeldObject> AddUp(IEnumerable<HeldObject> ofMembers) => ofMembers
        .GroupBy(static held => (held.Path, SizeBytes: held.Segments > 0 ? 0 : held.SizeBytes))
        .Select(static held => new HeldObject(
            held.Key.Path, held.Max(it => it.SizeBytes), held.Sum(it => it.CachedChunks), held.Sum(it => it.Hits), held.Max(it => it.Segments)));

    private static string? FolderOfSegment(string pathAndQuery) => SegmentPath.FolderOf(pathAndQuery) is { IsEmpty: false } folder ? folder.ToString() : null;
}
