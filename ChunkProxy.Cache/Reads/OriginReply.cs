namespace ChunkProxy.Cache.Reads;

/// <summary>An origin response that is forwarded to clients unchanged: status, fields and body.</summary>
public abstract class OriginReply(int status)
{
    public int Status { get; } = status;

    /// <summary>Memory that the reply occupies, in bytes.</summary>
    internal abstract long Weight { get; }

    /// <summary>Returns the response for one client; null if it cannot answer that client's request and the origin must be asked.</summary>
    /// <param name="hasRange">Whether the client's request has a Range field.</param>
    /// <param name="hasConditions">Whether the client's request has conditions other than If-Range.</param>
    public abstract PassedThroughAnswer? TryOpen(bool hasRange, bool hasConditions);
}
