namespace ChunkProxy.Web.Operations.Warm;

/// <summary>How far a warm-up has come.</summary>
internal enum WarmState
{
    Running,
    Done,

    /// <summary>It ended before all was there; what was fetched stays.</summary>
    Failed,
    Cancelled,
}
