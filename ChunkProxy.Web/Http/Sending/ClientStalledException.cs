namespace ChunkProxy.Web.Http.Sending;

/// <summary>The client read nothing for the configured time.</summary>
/// <remarks>
/// Replaces the exception that ended the response. The abort may coincide with the completion of the pending write; then the next write, or the
/// next read of a chunk, fails on the closed connection.
/// </remarks>
internal sealed class ClientStalledException() : IOException("The client read nothing for the configured time.");
