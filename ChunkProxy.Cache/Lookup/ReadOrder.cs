using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>
/// The order in which the bytes of a chunk are looked up. Read this first: the rest of the folder is the members of these lists, and their callers.
/// </summary>
/// <remarks>Numbers in brackets, here and elsewhere, are the steps of docs/life-of-a-request.md.</remarks>
internal static class ReadOrder
{
    // [4] What a reader tries. The first step that has the bytes wins. A stream that breaks off continues with the steps after its own.

    /// <summary>For a client's read of a chunk that this process owns, and for every read by a peer.</summary>
    public static readonly ReadStep[] Own =
        [ReadStep.Memory, ReadStep.FileUntilPromotion, ReadStep.Fill, ReadStep.File, ReadStep.Uncached];

    /// <summary>For a client's read of another member's chunk.</summary>
    public static readonly ReadStep[] Foreign = [ReadStep.Memory, ReadStep.Members, .. Own[1..]];

    /// <summary>For a client's read of another member's chunk that is popular enough for a near copy.</summary>
    public static readonly ReadStep[] NearCopy = [ReadStep.Memory, ReadStep.NearCopyFill, .. Foreign[1..]];

    /// <summary>For a peer that owns the chunk now and asks for what this process still has of it.</summary>
    public static readonly ReadStep[] Held = [ReadStep.Memory, ReadStep.File];

    // [5] The sources of a fill. What one source cannot bring comes from those after it.

    /// <summary>
    /// For the fill of a chunk that this process owns. Includes the shared tier:
    /// the former owner may have died, or this process may have restarted.
    /// </summary>
    public static readonly ChunkSource[] FillOfOwn =
        [ChunkSource.Disk, ChunkSource.SuperHot, ChunkSource.FormerOwner, ChunkSource.Origin];

    /// <summary>For the fill of a near copy.</summary>
    public static readonly ChunkSource[] FillOfNearCopy =
        [ChunkSource.SuperHot, ChunkSource.Peer, ChunkSource.Disk, ChunkSource.FormerOwner, ChunkSource.Origin];
}
