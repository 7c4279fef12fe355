using ChunkProxy.Cache.Chunks;
using ChunkProxy.Cache.Reads;

namespace ChunkProxy.Cache.Fills;

/// <summary>What a source of bytes sees of a fill: one run, to be written in order.</summary>
internal readonly record struct FillTarget(ChunkFill Fill, FillRun Run)
{
    public Chunk Chunk => Fill.Chunk;

    /// <summary>Where the next byte goes, from the chunk's start.</summary>
    public int Position => Run.Position;

    /// <summary>One past the run's last byte, from the chunk's start. May fall while the run is under way.</summary>
    public int Limit => Run.Limit;

    public bool IsDone => Run.IsDone;

    /// <inheritdoc cref="ChunkFill.Room"/>
    public Memory<byte> Room => Fill.Room(Run);

    /// <inheritdoc cref="ChunkFill.Advance"/>
    public void Advance(int count, ChunkSource source) => Fill.Advance(Run, count, source);

    /// <inheritdoc cref="FillPlan.ExtendToFront"/>
    public void ExtendToFront(int from) => Fill.ExtendToFront(Run, from);
}
