namespace ChunkProxy.Cache.Telemetry;

/// <summary>An event, or several equal ones in a row.</summary>
/// <param name="LastAt">Time of the latest occurrence.</param>
/// <param name="Kind">Kind of the event.</param>
/// <param name="Subject">Affected member (id) or object (path).</param>
/// <param name="Ending">Name of the outcome, such as a <see cref="Lookup.ProxyError"/>. Empty if there is none.</param>
/// <param name="Count">Number of occurrences in a row.</param>
internal sealed record RecentEvent(DateTimeOffset LastAt, RecentEventKind Kind, string Subject, string Ending, int Count);
