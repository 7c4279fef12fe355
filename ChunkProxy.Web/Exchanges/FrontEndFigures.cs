namespace ChunkProxy.Web.Exchanges;

/// <summary>Totals of the front end since the process started.</summary>
/// <param name="Requests">Requests that have ended, however they did.</param>
/// <param name="SentBytes">Bytes of response bodies handed to clients' connections.</param>
/// <param name="Gone">Answers whose client left before the end.</param>
/// <param name="Stalled">Answers aborted because the client took nothing for the configured time.</param>
/// <param name="ReadsFailed">Answers aborted because the rest of the bytes could not be had.</param>
/// <param name="Faults">Answers that a defect of this program ended.</param>
/// <param name="ByStatus">All requests by the status that was sent, or was about to be when the client left.</param>
public sealed record FrontEndFigures(
    long Requests,
    long SentBytes,
    long Gone,
    long Stalled,
    long ReadsFailed,
    long Faults,
    IReadOnlyDictionary<int, long> ByStatus);
