namespace ChunkProxy.Web.Operations.Warm;

/// <summary>Why a warm-up fails, besides the errors of its reads (<see cref="Cache.Reads.ProxyError"/>).</summary>
internal enum WarmFailure
{
    /// <summary>The origin does not permit caching of the object, or does not give its length.</summary>
    NotCacheable,

    /// <summary>The range contains no byte of the object.</summary>
    RangeNotSatisfiable,

    /// <summary>The range has more chunks than one warm-up fetches.</summary>
    TooManyChunks,

    /// <summary>A defect of the program.</summary>
    Faulted,
}
