namespace ChunkProxy.Cache.Reads;

/// <summary>A response of the origin that is handed on to clients as it is: status, fields and body.</summary>
public abstract class OriginReply(int status)
{
    public int Status { get; } = status;

    /// <summary>Bytes of memory that the reply takes.</summary>
    internal abstract long Weight { get; }

    /// <summary>Returns the response for one client; null where it cannot answer that client's request, so that the origin has to be asked.</summary>
    /// <param name="hasRange">The client's request has a Range field.</param>
    /// <param name="hasConditions">It has conditions other than If-Range.</param>
    public abstract PassedThroughAnswer? TryOpen(bool hasRange, bool hasConditions);
}
