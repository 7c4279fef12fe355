namespace ChunkProxy.Cache.Warming;

/// <summary>Progress of warming. Thread-safe.</summary>
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

    /// <summary>Counts one more chunk as done.</summary>
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
