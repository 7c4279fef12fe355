namespace ChunkProxy.Cache.Fills;

/// <summary>One stretch of a chunk that is being retrieved: filled from <see cref="Start"/> to <see cref="Position"/>, to be filled up to <see cref="Limit"/>.</summary>
internal sealed class FillRun(int start, int limit)
{
    public int Start { get; set; } = start;

    public int Position { get; set; } = start;

    /// <summary>Only ever falls: another run may take over the rest.</summary>
    public int Limit { get; set; } = limit;

    public bool IsDone => Position >= Limit;
}
