namespace ChunkProxy.Web.Operations.Warm;

/// <summary>The state of a warm-up.</summary>
internal enum WarmState
{
    Running,
    Done,

    /// <summary>It ended early; what was fetched stays cached.</summary>
    Failed,
    Cancelled,
}
