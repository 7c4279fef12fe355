namespace ChunkProxy.Web.Exchanges;

/// <summary>Totals of the front end since the process started.</summary>
/// <param name="Requests">Requests that have ended, however they did.</param>
/// <param name="RequestsByStatus">The same by the status that was sent, or was about to be when the client left.</param>
/// <param name="BytesSent">Bytes of response bodies handed to clients' connections.</param>
/// <param name="ClientsGone">Answers whose client left before the end.</param>
/// <param name="ClientsStalled">Answers aborted because the client took nothing for the configured time.</param>
/// <param name="ReadsFailed">Answers aborted because the rest of the bytes could not be had.</param>
/// <param name="Faults">Answers that a defect of this program ended.</param>
public sealed record FrontEndFigures(
    long Requests,
    IReadOnlyDictionary<int, long> RequestsByStatus,
    long BytesSent,
    long ClientsGone,
    long ClientsStalled,
    long ReadsFailed,
    long Faults);
