namespace ChunkProxy.AppHost.Tests.Otlp;

/// <summary>A span as received by a collector.</summary>
/// <param name="Service">The resource's service.name.</param>
/// <param name="Scope">The ActivitySource.</param>
/// <param name="Name">The span's name.</param>
/// <param name="TraceId">In hexadecimal.</param>
/// <param name="SpanId">In hexadecimal.</param>
/// <param name="ParentId">In hexadecimal; empty for the first span of a trace.</param>
/// <param name="Attributes">Values as text.</param>
internal sealed record ReceivedSpan(
    string Service, string Scope, string Name, string TraceId, string SpanId, string ParentId, IReadOnlyDictionary<string, string> Attributes);
