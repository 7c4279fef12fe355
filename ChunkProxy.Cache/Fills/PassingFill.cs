namespace ChunkProxy.Cache.Fills;

/// <summary>The fill of a chunk whose bytes arrive on the way to another one.</summary>
internal readonly record struct PassingFill(ChunkFill Fill, FillRun Run)
{
    public FillTarget Target => new(Fill, Run);

    /// <summary>Ends the run: all bytes have arrived, or the body broke off.</summary>
    public void End() => Fill.End(Run, failure: null);
}
