using ChunkProxy.Cache.Draining;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Status;

/// <summary>The state of one process, as it tells it to the others: what a page about the cluster needs. Totals count from <paramref name="StartedAt"/>.</summary>
/// <param name="Epoch">The membership that the process goes by.</param>
/// <param name="StartedAt">When it began to count.</param>
/// <param name="Memory">The memory tier.</param>
/// <param name="Disk">The disk tier; null without one.</param>
/// <param name="DiskProblem">Why the disk is not used at the moment; else null.</param>
/// <param name="SuperHotProblem">Why Redis is not used at the moment, or not for all; else null.</param>
/// <param name="ClientBytes">Bytes of bodies handed to clients.</param>
/// <param name="ServedBytes">Bytes of chunks sent to other members and front ends for their clients.</param>
/// <param name="OriginBytes">Bytes of chunks received from the origin.</param>
/// <param name="Reads">Slices opened for clients of this process, by where it had the bytes from.</param>
/// <param name="Served">Slices opened for clients of other members and front ends, likewise.</param>
/// <param name="FillsUnderWay">Retrievals at this moment.</param>
/// <param name="Fills">Some of them.</param>
/// <param name="Objects">Objects with most chunks in memory, first those of which most is there.</param>
/// <param name="Drain">Whether it owns chunks.</param>
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
    DrainState Drain = DrainState.Member);
