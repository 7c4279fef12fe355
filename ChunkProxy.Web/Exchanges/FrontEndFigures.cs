namespace ChunkProxy.Web.Exchanges;

/// <summary>Totals of the front end since the process started.</summary>
/// <param name="Connections">Open connections.</param>
/// <param name="ConnectionLimit">Most open connections.</param>
/// <param name="RefusedConnections">Connections refused because too many were open and busy.</param>
/// <param name="EndedConnections">Idle connections that ended for a new one.</param>
/// <param name="Requests">Requests that have ended, with any outcome.</param>
/// <param name="SentBytes">Bytes of response bodies passed to clients' connections.</param>
/// <param name="Gone">Responses whose client disconnected before the end.</param>
/// <param name="Stalled">Responses aborted because the client read nothing for the configured time.</param>
/// <param name="ReadsFailed">Responses aborted because the remaining bytes were unavailable.</param>
/// <param name="Faults">Responses ended by an unexpected error.</param>
/// <param name="ByStatus">All requests by the status that was sent, or was about to be sent when the client disconnected.</param>
public sealed record FrontEndFigures(
    int Connections,
    int ConnectionLimit,
    long RefusedConnections,
    long EndedConnections,
    long Requests,
    long SentBytes,
    long Gone,
    long Stalled,
    long ReadsFailed,
    long Faults,
    IReadOnlyDictionary<int, long> ByStatus);
