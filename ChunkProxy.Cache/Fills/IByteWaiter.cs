namespace ChunkProxy.Cache.Fills;

/// <summary>What a fill's decisions need to know about a reader.</summary>
internal interface IByteWaiter
{
    /// <summary>The missing byte that this reader waits for, or -1. Guarded by the fill's lock.</summary>
    int WaitsFor { get; }

    /// <summary>Bytes of the chunk that this reader came for.</summary>
    int Wanted { get; }

    /// <summary>Bytes of the chunk that this reader has read.</summary>
    int ReadBytes { get; }
}
