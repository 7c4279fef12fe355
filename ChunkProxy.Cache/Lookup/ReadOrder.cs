using System.Collections.Immutable;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Lookup;

/// <summary>Where the bytes of a chunk are looked for, in order. Read this first: the rest of the folder is the members of these lists, and what walks them.</summary>
/// <remarks>Numbers in brackets, here and elsewhere, are the steps of docs/life-of-a-request.md.</remarks>
internal static class ReadOrder
{
    // [4] What a reader tries. The first step that has the bytes wins. A stream that breaks off goes on with the steps behind its own.

    /// <summary>For a client's read of a chunk that this process owns, and for every read of a peer.</summary>
    public static readonly ImmutableArray<ReadStep> Own =
        [ReadStep.Memory, ReadStep.FileUntilPromotion, ReadStep.Fill, ReadStep.File, ReadStep.Uncached];

    /// <summary>For a client's read of another member's chunk.</summary>
    public static readonly ImmutableArray<ReadStep> Foreign = [ReadStep.Memory, ReadStep.Members, .. Own[1..]];

    /// <summary>For a client's read of another member's chunk that is popular enough to keep a copy of.</summary>
    public static readonly ImmutableArray<ReadStep> NearCopy = [ReadStep.Memory, ReadStep.NearCopyFill, .. Foreign[1..]];

    /// <summary>For a peer that owns the chunk now, and asks what this process still has of it.</summary>
    public static readonly ImmutableArray<ReadStep> Held = [ReadStep.Memory, ReadStep.File];

    // [5] Where a fill takes its bytes from. What one source cannot bring comes from those behind it.

    /// <summary>For the fill of a chunk that this process owns. It asks the shared tier too: the owner before it may have died, or it may have restarted itself.</summary>
    public static readonly ImmutableArray<ChunkSource> FillOfOwn =
        [ChunkSource.Disk, ChunkSource.SuperHot, ChunkSource.PreviousOwner, ChunkSource.Origin];

    /// <summary>For the fill of a near copy.</summary>
    public static readonly ImmutableArray<ChunkSource> FillOfNearCopy =
        [ChunkSource.SuperHot, ChunkSource.Peer, ChunkSource.Disk, ChunkSource.PreviousOwner, ChunkSource.Origin];
}
