namespace ChunkProxy.Web.Streaming;

/// <summary>The client took nothing for the configured time.</summary>
internal sealed class ClientStalledException() : IOException("The client took nothing for the configured time.");
