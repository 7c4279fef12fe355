namespace ChunkProxy.Cache.Reads;

/// <summary>A chunk, or the rest of it, could not be had from anywhere. Whoever reads must end visibly: an error status, or an aborted connection.</summary>
public sealed class ChunkReadException(ProxyError error, string reason, Exception? inner = null) : IOException(reason, inner)
{
    public ProxyError Error { get; } = error;

    /// <summary>How long the origin wishes not to be asked again, where it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
