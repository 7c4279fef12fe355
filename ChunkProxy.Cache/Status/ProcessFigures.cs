using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Reads;
using ChunkProxy.Cache.Tiers.Disk;

namespace ChunkProxy.Cache.Status;

/// <summary>State of one process, as reported to other members. Totals count from <paramref name="StartedAt"/>.</summary>
/// <param name="Epoch">Epoch of the membership in use.</param>
/// <param name="StartedAt">When the totals began to count.</param>
/// <param name="Memory">The memory tier.</param>
/// <param name="Disk">The disk tier, or null without one.</param>
/// <param name="DiskProblem">Why the disk is currently not used, or null.</param>
/// <param name="SuperHotProblem">Why Redis is currently not used, or not for publishing; or null.</param>
/// <param name="ClientBytes">Body bytes sent to clients.</param>
/// <param name="ServedBytes">Bytes of chunks sent to other members and front ends for their clients.</param>
/// <param name="OriginBytes">Bytes of chunks received from the origin.</param>
/// <param name="Reads">Slices opened for clients of this process, by source.</param>
/// <param name="Served">Slices opened for clients of other members and front ends, by source.</param>
/// <param name="FillsUnderWay">Number of running fills.</param>
/// <param name="Fills">A sample of the running fills.</param>
/// <param name="Objects">Objects with the most chunks in memory, in descending order.</param>
/// <param name="Drain">Whether the process owns chunks, or is draining or drained.</param>
/// <param name="OriginProblem">Why the origin counts as unavailable, or null.</param>
/// <param name="Disks">The directories of the disk tier if there are several, else null.</param>
/// <param name="Hottest">What clients of this process read most; null from an older build.</param>
/// <param name="Prefixes">The first path segments below which clients of this process read most; null from an older build.</param>
internal sealed record ProcessFigures(
    string Epoch,
    DateTimeOffset StartedAt,
    TierFigures Memory,
    TierFigures? Disk,
    string? DiskProblem,
    string? SuperHotProblem,
    long ClientBytes,
    long ServedBytes,
    long OriginBytes,
    IReadOnlyDictionary<ChunkSource, long> Reads,
    IReadOnlyDictionary<ChunkSource, long> Served,
    int FillsUnderWay,
    IReadOnlyList<FillFigures> Fills,
    IReadOnlyList<HeldObject> Objects,
    DrainState Drain = DrainState.Member,
    string? OriginProblem = null,
    IReadOnlyList<DiskDirectoryState>? Disks = null,
    IReadOnlyList<HotFigures>? Hottest = null,
    IReadOnlyList<HotFigures>? Prefixes = null);
