namespace ChunkProxy.Web.Operations.Status;

/// <summary>A request of a client that had to wait long.</summary>
internal sealed record SlowReadStats(
    DateTimeOffset At,
    string Method,
    string Path,
    string? Range,
    int Status,
    string Ending,
    double WaitedSeconds,
    double? FirstByteSeconds,
    double TotalSeconds,
    long SentBytes,
    IReadOnlyList<string> Sources);
