namespace ChunkProxy.Web.Http.Sending;

/// <summary>The client took nothing for the configured time.</summary>
/// <remarks>
/// Thrown where an answer ends, in place of whatever ended it: the abort may come at the very moment at which the pending write ends after all,
/// and then it is the next write, or the next read of a chunk, that meets the closed connection.
/// </remarks>
internal sealed class ClientStalledException() : IOException("The client took nothing for the configured time.");
