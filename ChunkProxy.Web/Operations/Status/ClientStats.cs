namespace ChunkProxy.Web.Operations.Status;

/// <summary>The clients, and how exchanges with them ended.</summary>
internal sealed record ClientStats(
    long Requests,
    long SentBytes,
    long Gone,
    long Stalled,
    long ReadsFailed,
    long Faults,
    IReadOnlyDictionary<int, long> ByStatus);
