namespace ChunkProxy.Cache.Status;

/// <summary>How often something ended in each way.</summary>
internal sealed record OutcomeTotals<T>(IReadOnlyDictionary<T, long> ByOutcome)
    where T : struct, Enum;
