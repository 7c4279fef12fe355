namespace ChunkProxy.Cache.Telemetry;

/// <summary>Something that happened, once or several times in a row.</summary>
/// <param name="LastAt">When it happened last.</param>
/// <param name="Kind">What it was.</param>
/// <param name="Subject">Whom or what it befell: a member's id, an object's path.</param>
/// <param name="Ending">The name of the way it ended, such as a <see cref="Lookup.ProxyError"/>; empty where there is none.</param>
/// <param name="Count">How often in a row.</param>
internal sealed record RecentEvent(DateTimeOffset LastAt, RecentEventKind Kind, string Subject, string Ending, int Count);
