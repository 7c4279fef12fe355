namespace ChunkProxy.Cache.Status;

/// <summary>Number of operations by outcome.</summary>
internal sealed record OutcomeTotals<T>(IReadOnlyDictionary<T, long> ByOutcome)
    where T : struct, Enum;
