namespace ChunkProxy.Cache.Warming;

/// <summary>How far warming is. Written and read from any thread.</summary>
internal sealed class WarmProgress
{
    private readonly Lock _gate = new();
    private WarmFigures _figures; // under _gate

    public void Set(WarmFigures figures)
    {
        lock (_gate)
        {
            _figures = figures;
        }
    }

    /// <summary>One more chunk is where it belongs.</summary>
    public void Add(int bytes)
    {
        lock (_gate)
        {
            _figures = _figures with { ChunksDone = _figures.ChunksDone + 1, BytesDone = _figures.BytesDone + bytes };
        }
    }

    public WarmFigures Read()
    {
        lock (_gate)
        {
            return _figures;
        }
    }
}
