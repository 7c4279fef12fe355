namespace ChunkProxy.Cache.Reads;

/// <summary>
/// A chunk, or the rest of it, is unavailable from every source. The reader must fail visibly: an error status or an aborted connection.
/// </summary>
public sealed class ChunkReadException(ProxyError error, string reason, Exception? inner = null) : IOException(reason, inner)
{
    public ProxyError Error { get; } = error;

    /// <summary>The delay that the origin asks for with Retry-After; null if absent.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
