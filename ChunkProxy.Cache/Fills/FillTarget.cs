using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

/// <summary>A fill as a source of bytes sees it: one run, to be written in order.</summary>
internal readonly record struct FillTarget(ChunkFill Fill, FillRun Run)
{
    public Chunk Chunk => Fill.Chunk;

    /// <summary>Offset of the next byte, from the chunk's start.</summary>
    public int Position => Run.Position;

    /// <summary>End of the run (exclusive), from the chunk's start. May decrease while the run is in progress.</summary>
    public int Limit => Run.Limit;

    public bool IsDone => Run.IsDone;

    /// <inheritdoc cref="ChunkFill.Room"/>
    public Memory<byte> Room => Fill.Room(Run);

    /// <inheritdoc cref="ChunkFill.Advance"/>
    public void Advance(int count, ChunkSource source) => Fill.Advance(Run, count, source);

    /// <inheritdoc cref="FillLifecycle.EndAtOrigin"/>
    public int EndAtOrigin => Fill.EndAtOrigin(Run);

    /// <inheritdoc cref="ChunkFill.Shorten"/>
    public void Shorten(int limit) => Fill.Shorten(Run, limit);

    /// <inheritdoc cref="FillPlan.ExtendToFront"/>
    public void ExtendToFront(int from) => Fill.ExtendToFront(Run, from);
}
